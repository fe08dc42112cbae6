// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.BinaryOperator;
import kcc.frontend.syntax.UnaryOperator;

/// Python's operators on compile-time values, scalars, tiles and pointers.
final class Arithmetic {
  private final ProgramWriter writer;
  private final Conversions conversions;
  private final Shapes shapes;

  Arithmetic(ProgramWriter writer, Conversions conversions, Shapes shapes) {
    this.writer = writer;
    this.conversions = conversions;
    this.shapes = shapes;
  }

  /// Two operands of one element type and one shape.
  record Pair(Ssa left, Ssa right, ElementType element) {}

  // ---- binary operators ----

  Value binary(BinaryOperator operator, Value left, Value right) {
    requireUsable(left);
    requireUsable(right);
    if (left instanceof Value.Constant a && right instanceof Value.Constant b) {
      return fold(operator, a.value(), b.value());
    }
    if (left instanceof Value.Tuple a && right instanceof Value.Tuple b && operator == BinaryOperator.ADD) {
      List<Value> joined = new ArrayList<>(a.elements());
      joined.addAll(b.elements());
      return new Value.Tuple(joined);
    }
    if (left instanceof Value.Tuple tuple && right instanceof Value.Constant(BigInteger count)
        && operator == BinaryOperator.MULTIPLY) {
      List<Value> repeated = new ArrayList<>();
      for (int i = 0; i < Math.min(count.longValue(), 4096); i++) {
        repeated.addAll(tuple.elements());
      }
      return new Value.Tuple(repeated);
    }
    if (isPointer(left) || isPointer(right)) {
      return movePointer(operator, left, right);
    }
    return switch (operator) {
      case ADD -> simple(operator, left, right, Elementwise.ADDF, Elementwise.ADDI);
      case SUBTRACT -> simple(operator, left, right, Elementwise.SUBF, Elementwise.SUBI);
      case MULTIPLY -> simple(operator, left, right, Elementwise.MULF, Elementwise.MULI);
      case DIVIDE -> divide(left, right);
      case FLOOR_DIVIDE -> floorDivide(left, right);
      case MODULO -> modulo(left, right);
      case BIT_AND -> bits(operator, left, right, Elementwise.ANDI);
      case BIT_OR -> bits(operator, left, right, Elementwise.ORI);
      case BIT_XOR -> bits(operator, left, right, Elementwise.XORI);
      case SHIFT_LEFT -> bits(operator, left, right, Elementwise.SHLI);
      case SHIFT_RIGHT -> bits(operator, left, right, null);
      case MATRIX_MULTIPLY -> throw SemanticError.at(writer.place(), FrontEndCode.UNSUPPORTED_PYTHON,
          "the operator '@' is not supported on tiles", "write dot(a, b), which also takes an accumulator");
      case POWER -> power(left, right);
    };
  }

  private Value fold(BinaryOperator operator, Object left, Object right) {
    Object result;
    try {
      result = PythonNumbers.binary(operator, left, right);
    } catch (ArithmeticException failure) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, failure.getMessage() + " in the compile-time value "
          + PythonNumbers.text(left) + " " + operator.symbol() + " " + PythonNumbers.text(right));
    }
    if (result == null) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'" + operator.symbol() + "' does not work on "
          + PythonNumbers.text(left) + " and " + PythonNumbers.text(right));
    }
    return new Value.Constant(result);
  }

  /// Operands in their common type and shape. `what` is the operator as the user wrote it.
  Pair meet(String what, Value left, Value right, boolean division) {
    requireArithmetic(what, left);
    requireArithmetic(what, right);
    boolean leftNumber = left instanceof Value.Constant;
    boolean rightNumber = right instanceof Value.Constant;
    ElementType a = elementOf(left);
    ElementType b = elementOf(right);
    ElementType element = Promotion.meet(a, leftNumber, b, rightNumber, division);
    if (element == null) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'" + what + "' does not work on " + a + " and " + b
          + ": one is signed, the other is not", "convert one of them with .to(...)");
    }
    List<Integer> shape = shapes.meet(shapeOf(left), shapeOf(right));
    return new Pair(operand(left, element, shape), operand(right, element, shape), element);
  }

  private Ssa operand(Value value, ElementType element, List<Integer> shape) {
    if (value instanceof Value.Constant(Object number)) {
      return conversions.materialize(number, ValueType.of(element, shape));
    }
    return shapes.stretch(conversions.convert(((Value.Runtime) value).ssa(), element), shape);
  }

  private Value simple(
      BinaryOperator operator, Value left, Value right, Elementwise floating, Elementwise integer) {
    Pair pair = meet(operator.symbol(), left, right, false);
    // Bools count as numbers in arithmetic only together with numbers; two of them wrap around at one bit.
    Ssa result = writer.compute(pair.element().isFloating() ? floating : integer, pair.left().type(), pair.left(), pair.right());
    learn(operator, result, pair);
    return new Value.Runtime(result);
  }

  private void learn(BinaryOperator operator, Ssa result, Pair pair) {
    Polynomial a = writer.known(pair.left());
    Polynomial b = writer.known(pair.right());
    // Narrow integers and bools wrap around too soon to be computed with as if they did not.
    if (a == null || b == null || pair.element().bits() < 32) {
      return;
    }
    writer.know(result, switch (operator) {
      case ADD -> a.plus(b);
      case SUBTRACT -> a.minus(b);
      case MULTIPLY -> a.times(b);
      case FLOOR_DIVIDE -> a.isHost() && b.isHost() ? a.divide(Polynomial.Division.FLOOR, b) : null;
      case MODULO -> a.isHost() && b.isHost() ? a.divide(Polynomial.Division.MODULO, b) : null;
      default -> null;
    });
  }

  private Value divide(Value left, Value right) {
    Pair pair = meet("/", left, right, true);
    Ssa a = pair.left();
    Ssa b = pair.right();
    if (!pair.element().isFloating()) {
      a = conversions.convert(a, ElementType.F32);
      b = conversions.convert(b, ElementType.F32);
    } else if (pair.element().isFloat8()) {
      a = conversions.convert(a, ElementType.F32);
      b = conversions.convert(b, ElementType.F32);
    }
    return new Value.Runtime(writer.compute(Elementwise.DIVF, a.type(), a, b));
  }

  private Value floorDivide(Value left, Value right) {
    Pair pair = meet("//", left, right, true);
    if (pair.element().isFloating()) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'//' needs integers, here it has "
          + describe(left) + " and " + describe(right), "write floor(a / b)");
    }
    Elementwise operation = pair.element().isSigned() ? Elementwise.DIVSI : Elementwise.DIVUI;
    Ssa result = writer.compute(operation, pair.left().type(), pair.left(), pair.right());
    learn(BinaryOperator.FLOOR_DIVIDE, result, pair);
    return new Value.Runtime(result);
  }

  private Value modulo(Value left, Value right) {
    Pair pair = meet("%", left, right, true);
    Elementwise operation = pair.element().isFloating() ? Elementwise.REMF
        : pair.element().isSigned() ? Elementwise.REMSI : Elementwise.REMUI;
    Ssa result = writer.compute(operation, pair.left().type(), pair.left(), pair.right());
    learn(BinaryOperator.MODULO, result, pair);
    return new Value.Runtime(result);
  }

  private Value bits(BinaryOperator operator, Value left, Value right, Elementwise operation) {
    Pair pair = meet(operator.symbol(), left, right, false);
    if (pair.element().isFloating()) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'" + operator.symbol() + "' needs integers or bools, "
          + "here it has " + describe(left) + " and " + describe(right), null);
    }
    Elementwise chosen = operation != null ? operation
        : pair.element().isSigned() ? Elementwise.SHRSI : Elementwise.SHRUI;
    return new Value.Runtime(writer.compute(chosen, pair.left().type(), pair.left(), pair.right()));
  }

  /// Only whole powers that a few products give: a general power is a function with its own accuracy.
  private Value power(Value left, Value right) {
    if (right instanceof Value.Constant(BigInteger exponent) && left instanceof Value.Runtime
        && exponent.signum() > 0 && exponent.bitLength() <= 6) {
      Value result = left;
      Value square = left;
      int rest = exponent.intValue() - 1;
      while (rest > 0) {
        if ((rest & 1) != 0) {
          result = binary(BinaryOperator.MULTIPLY, result, square);
        }
        rest >>= 1;
        square = rest > 0 ? binary(BinaryOperator.MULTIPLY, square, square) : square;
      }
      return result;
    }
    throw SemanticError.at(writer.place(), FrontEndCode.UNSUPPORTED_PYTHON,
        "'**' on tiles needs a whole exponent from 1 to 63 known at compile time", "write exp2(y * log2(x)) for x > 0");
  }

  // ---- pointers ----

  static boolean isPointer(Value value) {
    return value instanceof Value.Pointer || value instanceof Value.PointerTile;
  }

  private Value movePointer(BinaryOperator operator, Value left, Value right) {
    boolean forward = operator == BinaryOperator.ADD && isPointer(left) != isPointer(right);
    boolean backward = operator == BinaryOperator.SUBTRACT && isPointer(left) && !isPointer(right);
    if (!forward && !backward) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE,
          "'" + operator.symbol() + "' does not work on " + describe(left) + " and " + describe(right),
          "an integer can be added to a pointer or subtracted from it");
    }
    Value pointer = isPointer(left) ? left : right;
    Value distance = isPointer(left) ? right : left;
    if (backward) {
      distance = unary(UnaryOperator.MINUS, distance);
    }
    return advance(pointer, distance);
  }

  /// A scalar distance moves the base, in 64 bits; a tile of distances becomes the offsets.
  Value advance(Value pointer, Value distance) {
    requireArithmetic("+", distance);
    Ssa steps = distance instanceof Value.Constant(Object number)
        ? conversions.scalar(number) : ((Value.Runtime) distance).ssa();
    if (!steps.element().isInteger()) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "a pointer moves by integers, not by "
          + describe(distance), null);
    }
    if (steps.element() == ElementType.BOOL || steps.element().bits() < 32) {
      steps = conversions.convert(steps, ElementType.I32);
    } else if (steps.element() == ElementType.U32) {
      // Offsets are sign-extended.
      steps = conversions.convert(steps, ElementType.I64);
    } else if (steps.element() == ElementType.U64) {
      steps = conversions.convert(steps, ElementType.I64);
    }
    if (steps.type() instanceof ValueType.Scalar) {
      return switch (pointer) {
        case Value.Pointer(Ssa base) -> new Value.Pointer(writer.movePointer(base, steps));
        case Value.PointerTile(Ssa base, Ssa offsets) ->
            new Value.PointerTile(writer.movePointer(base, steps), offsets);
        default -> throw new IllegalArgumentException("not a pointer: " + pointer);
      };
    }
    if (pointer instanceof Value.Pointer(Ssa base)) {
      return new Value.PointerTile(base, steps);
    }
    Value.PointerTile tile = (Value.PointerTile) pointer;
    // Each addition is exact in 64 bits, so the sum of two 32-bit offsets must not wrap.
    List<Integer> shape = shapes.meet(tile.offsets().shape(), steps.shape());
    Ssa a = shapes.stretch(conversions.convert(tile.offsets(), ElementType.I64), shape);
    Ssa b = shapes.stretch(conversions.convert(steps, ElementType.I64), shape);
    return new Value.PointerTile(tile.base(), writer.compute(Elementwise.ADDI, a.type(), a, b));
  }

  // ---- unary operators ----

  Value unary(UnaryOperator operator, Value operand) {
    requireUsable(operand);
    if (operand instanceof Value.Constant(Object value)) {
      Object result = PythonNumbers.unary(operator, value);
      if (result == null) {
        throw SemanticError.at(writer.place(), FrontEndCode.TYPE,
            "'" + operator.symbol() + "' does not work on " + PythonNumbers.text(value));
      }
      return new Value.Constant(result);
    }
    if (operand instanceof Value.Tuple tuple && operator == UnaryOperator.NOT) {
      return new Value.Constant(tuple.elements().isEmpty());
    }
    requireArithmetic(operator.symbol(), operand);
    Ssa value = ((Value.Runtime) operand).ssa();
    ElementType element = value.element();
    return new Value.Runtime(switch (operator) {
      case PLUS -> value;
      case MINUS -> {
        if (element.isFloating()) {
          yield writer.compute(Elementwise.NEGF, value.type(), value);
        }
        Ssa zero = writer.integer(value.type(), 0);
        Ssa result = writer.compute(Elementwise.SUBI, value.type(), zero, value);
        Polynomial known = writer.known(value);
        writer.know(result, known == null ? null : Polynomial.number(0).minus(known));
        yield result;
      }
      case INVERT -> {
        if (element.isFloating()) {
          throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'~' needs integers or bools, not " + describe(operand));
        }
        Ssa ones = writer.constant(value.type(), element == ElementType.BOOL ? BigInteger.ONE
            : element.isSigned() ? BigInteger.ONE.negate() : BigInteger.TWO.pow(element.bits()).subtract(BigInteger.ONE));
        yield writer.compute(Elementwise.XORI, value.type(), value, ones);
      }
      case NOT -> {
        Ssa truth = conversions.convert(value, ElementType.BOOL);
        yield writer.compute(Elementwise.XORI, truth.type(), truth, writer.integer(truth.type(), 1));
      }
    });
  }

  // ---- logic ----

  /// `a and b`, `a or b` on values of a running kernel: both are computed, and anything that is not zero is true.
  Value logical(boolean and, Value left, Value right) {
    Ssa a = truth(and ? "and" : "or", left);
    Ssa b = truth(and ? "and" : "or", right);
    List<Integer> shape = shapes.meet(a.shape(), b.shape());
    a = shapes.stretch(a, shape);
    b = shapes.stretch(b, shape);
    return new Value.Runtime(writer.compute(and ? Elementwise.ANDI : Elementwise.ORI, a.type(), a, b));
  }

  Ssa truth(String what, Value value) {
    requireArithmetic(what, value);
    return switch (value) {
      case Value.Constant(Object number) -> conversions.materialize(PythonNumbers.truth(number), ProgramWriter.I1);
      case Value.Runtime(Ssa ssa) -> conversions.convert(ssa, ElementType.BOOL);
      default -> throw new IllegalStateException("not checked: " + value);
    };
  }

  // ---- operands ----

  ElementType elementOf(Value value) {
    return value instanceof Value.Constant(Object number)
        ? conversions.naturalType(number) : ((Value.Runtime) value).ssa().element();
  }

  static List<Integer> shapeOf(Value value) {
    return value instanceof Value.Runtime(Ssa ssa) ? ssa.shape() : List.of();
  }

  void requireUsable(Value value) {
    switch (value) {
      case Value.Undefined(String why) ->
          throw SemanticError.at(writer.place(), FrontEndCode.UNKNOWN_NAME, why);
      case Value.Poison() -> throw SemanticError.reported();
      default -> { }
    }
  }

  /// A number, scalar or tile; anything else gets a message about `what`.
  void requireArithmetic(String what, Value value) {
    requireUsable(value);
    boolean number = value instanceof Value.Constant constant && constant.isNumber();
    if (!number && !(value instanceof Value.Runtime)) {
      String help = switch (value) {
        case Value.Tensor tensor -> "read a tile of it first, such as " + tensor.name() + "[i:i+BM, j:j+BN]";
        case Value.Pointer _, Value.PointerTile _ -> "read what it points to with load(...)";
        case Value.BuiltinFunction(Builtin builtin) -> "call it: " + builtin.name() + "(...)";
        case Value.Function function -> "call it: " + function.definition().name() + "(...)";
        default -> null;
      };
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'" + what + "' does not work on " + describe(value), help);
    }
  }

  /// The value in the words of a message.
  static String describe(Value value) {
    return switch (value) {
      case Value.Constant(Object constant) when constant instanceof ElementType type -> "the type " + type;
      case Value.Constant(Object constant) -> PythonNumbers.text(constant);
      case Value.Runtime(Ssa ssa) -> ssa.type() instanceof ValueType.Scalar scalar
          ? "a scalar of " + scalar.element() : "a " + ssa.type();
      case Value.Pointer(Ssa base) -> "a " + base.type();
      case Value.PointerTile(Ssa base, Ssa offsets) -> "a tile " + offsets.shape() + " of pointers to " + base.element();
      case Value.Tuple tuple -> "a tuple of " + tuple.elements().size();
      case Value.Tensor tensor -> "the tensor '" + tensor.name() + "'";
      case Value.Part part -> "a part of the tensor '" + part.tensor().name() + "'";
      case Value.Descriptor descriptor -> "a tensor descriptor with blocks of " + descriptor.block();
      case Value.BlockPointer pointer -> "a pointer to a block of " + pointer.block();
      case Value.Size size -> "the size '" + size.name() + "'";
      case Value.Function function -> "the function '" + function.definition().name() + "'";
      case Value.BuiltinFunction(Builtin builtin) -> "the builtin '" + builtin.name() + "'";
      case Value.Method method -> "the method '" + method.builtin().name() + "'";
      case Value.Namespace namespace -> "the module '" + namespace.path() + "'";
      case Value.Range _ -> "a range";
      case Value.TypeName name -> "the type '" + name.name() + "'";
      case Value.Undefined _, Value.Poison _ -> "nothing";
    };
  }
}
