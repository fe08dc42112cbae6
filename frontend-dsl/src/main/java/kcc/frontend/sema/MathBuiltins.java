// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import kcc.frontend.syntax.BinaryOperator;
import kcc.frontend.syntax.ComparisonOperator;

/// Elementwise functions. Those of floating numbers compute f16, bf16 and fp8 in f32 and round the result.
final class MathBuiltins {
  private static final Builtin.Flags MEMBER = new Builtin.Flags(true, true, false);
  private static final String FLOATING = "floating -> the same type";

  private MathBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(floating("exp", "e to the power x; on GPUs 0 where that is below 2^-126.", Elementwise.EXP, Math::exp));
    all.add(floating("exp2", "2 to the power x; the fastest of the exponentials. On GPUs 0 where it is below 2^-126.", Elementwise.EXP2, x -> Math.pow(2, x)));
    all.add(floating("log", "Natural logarithm.", Elementwise.LOG, Math::log));
    all.add(floating("log2", "Logarithm to base 2.", Elementwise.LOG2, x -> Math.log(x) / Math.log(2)));
    all.add(Builtins.entry("sqrt", List.of("sqrt", "sqrt_rn"), "x", MEMBER, "Square root.", FLOATING,
        (evaluator, arguments) -> unary(evaluator, arguments, Elementwise.SQRT, Math::sqrt)));
    all.add(floating("rsqrt", "One over the square root.", Elementwise.RSQRT, x -> 1 / Math.sqrt(x)));
    all.add(floating("sin", "Sine of an angle in radians.", Elementwise.SIN, Math::sin));
    all.add(floating("cos", "Cosine of an angle in radians.", Elementwise.COS, Math::cos));
    all.add(floating("tanh", "Hyperbolic tangent.", Elementwise.TANH, Math::tanh));
    all.add(floating("erf", "Error function.", Elementwise.ERF, null));
    all.add(floating("floor", "Largest integer not above x, as a floating number.", Elementwise.FLOOR, Math::floor));
    all.add(floating("ceil", "Smallest integer not below x, as a floating number.", Elementwise.CEIL, Math::ceil));
    all.add(Builtins.member("sigmoid", "x", "1 / (1 + exp(-x)). On GPUs, where it is rounded to 16 bits, 0 below 2^-126.", FLOATING,
        MathBuiltins::sigmoid));
    all.add(Builtins.member("abs", "x", "Absolute value.", "any number -> the same type", MathBuiltins::absolute));
    all.add(Builtins.member("isnan", "x", "Whether x is no number.", "floating -> bool", (evaluator, arguments) -> {
      Ssa x = requireFloating(arguments, "x");
      Ssa wide = x.element().bits() < 32 ? evaluator.session.conversions.convert(x, ElementType.F32) : x;
      return new Value.Runtime(evaluator.session.writer.compare(Predicate.UNE, wide, wide));
    }));
    all.add(Builtins.member("isinf", "x", "Whether x is an infinity.", "floating -> bool", (evaluator, arguments) -> {
      Ssa x = requireFloating(arguments, "x");
      Ssa wide = x.element().bits() < 32 ? evaluator.session.conversions.convert(x, ElementType.F32) : x;
      ProgramWriter writer = evaluator.session.writer;
      Ssa magnitude = writer.compute(Elementwise.ABSF, wide.type(), wide);
      return new Value.Runtime(writer.compare(
          Predicate.OEQ, magnitude, writer.constant(wide.type(), Double.POSITIVE_INFINITY)));
    }));
    all.add(Builtins.both("fma", "x, y, z", "x * y + z with one rounding.", "floating, promoted and broadcast",
        MathBuiltins::fusedMultiplyAdd));
    all.add(Builtins.both("maximum", "x, y, propagate_nan=\"none\"",
        "The larger of each pair; a NaN loses against a number unless propagate_nan says otherwise.",
        "promoted and broadcast", (evaluator, arguments) -> extreme(evaluator, arguments, true)));
    all.add(Builtins.both("minimum", "x, y, propagate_nan=\"none\"", "The smaller of each pair.",
        "promoted and broadcast", (evaluator, arguments) -> extreme(evaluator, arguments, false)));
    all.add(Builtins.both("clamp", "x, min, max, propagate_nan=\"none\"", "x kept between min and max.",
        "promoted and broadcast", MathBuiltins::clamp));
    all.add(Builtins.both("where", "condition, x, y", "x where the condition holds and y elsewhere; both are computed.",
        "condition: bool or compared with 0; x, y promoted; all broadcast", MathBuiltins::where));
    all.add(Builtins.both("cdiv", "x, div|y", "x / y rounded up, for positive integers.", "integers, promoted",
        MathBuiltins::ceilingDivide));
    all.add(Builtins.both("fdiv", "x, y, ieee_rounding=False", "x / y of floating numbers.", "floating, promoted",
        (evaluator, arguments) -> evaluator.session.arithmetic.binary(
            BinaryOperator.DIVIDE, arguments.get("x"), arguments.get("y"))));
    all.add(Builtins.onlyTriton("div_rn", "x, y", "x / y rounded to nearest.", "floating",
        (evaluator, arguments) -> evaluator.session.arithmetic.binary(
            BinaryOperator.DIVIDE, arguments.get("x"), arguments.get("y"))));
    all.add(Builtins.both("dot",
        "a|input, b|other, acc=None, precision|input_precision=None, allow_tf32=None, max_num_imprecise_acc=None, "
            + "out_dtype=None",
        "Matrix product, added to acc when there is one.",
        "[M, K] x [K, N] (+ [M, N]) of one type or of two fp8 types, or with a batch in front; floating -> f32, i8 and u8 -> i32; "
            + "precision of f32 products: \"ieee\", \"tf32\" or \"tf32x3\"; of fp8 products: see below", ProductBuiltin::dot));
  }

  private static Builtin floating(String name, String summary, Elementwise operation, DoubleUnaryOperator onConstants) {
    return Builtins.entry(name, List.of(name), "x", MEMBER, summary, FLOATING,
        (evaluator, arguments) -> unary(evaluator, arguments, operation, onConstants));
  }

  private static Value unary(
      Evaluator evaluator, Arguments arguments, Elementwise operation, DoubleUnaryOperator onConstants) {
    Value x = arguments.get("x");
    if (x instanceof Value.Constant(Object number) && PythonNumbers.isNumber(number)) {
      double value = PythonNumbers.toDouble(number);
      if (onConstants != null) {
        return new Value.Constant(onConstants.applyAsDouble(value));
      }
      Ssa scalar = evaluator.session.conversions.materialize(value, new ValueType.Scalar(ElementType.F32));
      return new Value.Runtime(evaluator.session.writer.compute(operation, scalar.type(), scalar));
    }
    return new Value.Runtime(inSingle(evaluator.session, requireFloating(arguments, "x"), operation));
  }

  private static Ssa requireFloating(Arguments arguments, String parameter) {
    Ssa value = arguments.runtime(parameter);
    if (!value.element().isFloating()) {
      throw arguments.error(FrontEndCode.TYPE, "this function needs floating numbers, not " + value.element(),
          "convert with .to(f32)");
    }
    return value;
  }

  private static Ssa inSingle(Session session, Ssa value, Elementwise operation) {
    ElementType element = value.element();
    Ssa wide = element.bits() < 32 ? session.conversions.convert(value, ElementType.F32) : value;
    return session.conversions.convert(session.writer.compute(operation, wide.type(), wide), element);
  }

  private static Value sigmoid(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa x = requireFloating(arguments, "x");
    ElementType element = x.element();
    Ssa wide = element.bits() < 32 ? session.conversions.convert(x, ElementType.F32) : x;
    Ssa one = session.writer.constant(wide.type(), 1.0);
    Ssa negated = session.writer.compute(Elementwise.NEGF, wide.type(), wide);
    Ssa power = session.writer.compute(Elementwise.EXP, wide.type(), negated);
    Ssa denominator = session.writer.compute(Elementwise.ADDF, wide.type(), one, power);
    return new Value.Runtime(session.conversions.convert(
        session.writer.compute(Elementwise.DIVF, wide.type(), one, denominator), element));
  }

  private static Value absolute(Evaluator evaluator, Arguments arguments) {
    if (arguments.get("x") instanceof Value.Constant(Object number) && PythonNumbers.isNumber(number)) {
      return new Value.Constant(number instanceof Double d ? (Object) Math.abs(d) : PythonNumbers.toInteger(number).abs());
    }
    Ssa x = arguments.runtime("x");
    if (!x.element().isSigned()) {
      return new Value.Runtime(x);
    }
    return new Value.Runtime(x.element().isFloating() ? inSingle(evaluator.session, x, Elementwise.ABSF)
        : evaluator.session.writer.compute(Elementwise.ABSI, x.type(), x));
  }

  private static Value fusedMultiplyAdd(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Arithmetic.Pair first = session.arithmetic.meet("fma", arguments.get("x"), arguments.get("y"), false);
    Arithmetic.Pair second = session.arithmetic.meet(
        "fma", new Value.Runtime(first.left()), arguments.get("z"), false);
    if (!second.element().isFloating() || second.element() != first.element()) {
      throw arguments.error(FrontEndCode.TYPE, "'fma' needs floating numbers of one type, here they are "
          + first.element() + " and " + second.element(), "convert with .to(f32)");
    }
    Ssa y = session.shapes.stretch(first.right(), second.left().shape());
    return new Value.Runtime(session.writer.compute(
        Elementwise.FMA, second.left().type(), second.left(), y, second.right()));
  }

  static Value extreme(Evaluator evaluator, Arguments arguments, boolean largest) {
    return extreme(evaluator.session, arguments.get("x"), arguments.get("y"), largest,
        arguments.text("propagate_nan").equals("all"));
  }

  static Value extreme(Session session, Value x, Value y, boolean largest, boolean propagate) {
    if (x instanceof Value.Constant(Object a) && y instanceof Value.Constant(Object b)
        && PythonNumbers.isNumber(a) && PythonNumbers.isNumber(b)) {
      boolean firstWins = PythonNumbers.compare(
          largest ? ComparisonOperator.GREATER_EQUAL : ComparisonOperator.LESS_EQUAL, a, b);
      return firstWins ? x : y;
    }
    Arithmetic.Pair pair = session.arithmetic.meet(largest ? "maximum" : "minimum", x, y, false);
    return new Value.Runtime(session.writer.compute(
        extremeOperation(pair.element(), largest, propagate), pair.left().type(), pair.left(), pair.right()));
  }

  static Elementwise extremeOperation(ElementType element, boolean largest, boolean propagate) {
    if (element.isFloating()) {
      return propagate ? largest ? Elementwise.MAXIMUMF : Elementwise.MINIMUMF
          : largest ? Elementwise.MAXNUMF : Elementwise.MINNUMF;
    }
    return element.isSigned() ? largest ? Elementwise.MAXSI : Elementwise.MINSI
        : largest ? Elementwise.MAXUI : Elementwise.MINUI;
  }

  private static Value clamp(Evaluator evaluator, Arguments arguments) {
    boolean propagate = arguments.text("propagate_nan").equals("all");
    Value low = extreme(evaluator.session, arguments.get("x"), arguments.get("min"), true, propagate);
    return extreme(evaluator.session, low, arguments.get("max"), false, propagate);
  }

  private static Value where(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Value condition = arguments.get("condition");
    if (condition instanceof Value.Constant(Object constant)) {
      return arguments.get(PythonNumbers.truth(constant) ? "x" : "y");
    }
    Ssa bits = session.arithmetic.truth("where", condition);
    Arithmetic.Pair pair;
    if (arguments.get("x") instanceof Value.Constant(Object a) && arguments.get("y") instanceof Value.Constant(Object b)) {
      // Two numbers have no type of their own to keep.
      ElementType element = Promotion.meet(session.conversions.naturalType(a), false, session.conversions.naturalType(b), false, false);
      Ssa x = session.conversions.materialize(a, new ValueType.Scalar(element));
      Ssa y = session.conversions.materialize(b, new ValueType.Scalar(element));
      pair = new Arithmetic.Pair(x, y, element);
    } else {
      pair = session.arithmetic.meet("where", arguments.get("x"), arguments.get("y"), false);
    }
    List<Integer> shape = session.shapes.meet(bits.shape(), pair.left().shape());
    Ssa x = session.shapes.stretch(pair.left(), shape);
    Ssa y = session.shapes.stretch(pair.right(), shape);
    return new Value.Runtime(session.writer.compute(
        Elementwise.SELECT, x.type(), session.shapes.stretch(bits, shape), x, y));
  }

  private static Value ceilingDivide(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Value x = arguments.get("x");
    Value y = arguments.get("div");
    if (x instanceof Value.Constant(BigInteger a) && y instanceof Value.Constant(BigInteger b)) {
      if (b.signum() == 0) {
        throw arguments.error(FrontEndCode.TYPE, "division by zero in cdiv(" + a + ", " + b + ")", null);
      }
      return session.arithmetic.unary(kcc.frontend.syntax.UnaryOperator.MINUS, session.arithmetic.binary(
          BinaryOperator.FLOOR_DIVIDE, new Value.Constant(a.negate()), y));
    }
    Value beyond = session.arithmetic.binary(BinaryOperator.SUBTRACT, y, Value.Constant.of(1));
    Value sum = session.arithmetic.binary(BinaryOperator.ADD, x, beyond);
    Value result = session.arithmetic.binary(BinaryOperator.FLOOR_DIVIDE, sum, y);
    Polynomial dividend = polynomial(session, x);
    Polynomial divisor = polynomial(session, y);
    if (result instanceof Value.Runtime(Ssa ssa) && ssa.type() instanceof ValueType.Scalar
        && dividend != null && divisor != null && dividend.isHost() && divisor.isHost()) {
      session.writer.know(ssa, dividend.divide(Polynomial.Division.CEIL, divisor));
    }
    return result;
  }

  private static Polynomial polynomial(Session session, Value value) {
    return switch (value) {
      case Value.Constant(BigInteger integer) when integer.bitLength() < 63 -> Polynomial.number(integer.longValue());
      case Value.Runtime(Ssa ssa) -> session.writer.known(ssa);
      default -> null;
    };
  }
}
