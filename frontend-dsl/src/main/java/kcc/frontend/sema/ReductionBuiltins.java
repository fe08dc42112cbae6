// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// From many elements to few.
final class ReductionBuiltins {
  private static final String AXES = "axis=None reduces all axes; keep_dims keeps them with size 1";

  private ReductionBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.member("sum", "x|input, axis=None, keep_dims=False, dtype=None", "Sum of the elements.",
        AXES + "; small integers are added in i32 (u32), f16 and bf16 in f32; bf16 stays f32", ReductionBuiltins::sum));
    all.add(Builtins.member("max",
        "x|input, axis=None, return_indices=False, return_indices_tie_break_left=True, keep_dims=False",
        "Largest element. Of scalars and numbers, max(a, b) is maximum(a, b).",
        AXES + "; f16 and bf16 give f32, small integers i32",
        (evaluator, arguments) -> extreme(evaluator, arguments, true)));
    all.add(Builtins.member("min",
        "x|input, axis=None, return_indices=False, return_indices_tie_break_left=True, keep_dims=False",
        "Smallest element. Of scalars and numbers, min(a, b) is minimum(a, b).", AXES + "; types as with max",
        (evaluator, arguments) -> extreme(evaluator, arguments, false)));
    all.add(Builtins.member("argmax", "x|input, axis, tie_break_left=True, keep_dims=False",
        "Index of the largest element, of equal ones the first.", "-> i32",
        (evaluator, arguments) -> index(evaluator, arguments, true)));
    all.add(Builtins.member("argmin", "x|input, axis, tie_break_left=True, keep_dims=False",
        "Index of the smallest element, of equal ones the first.", "-> i32",
        (evaluator, arguments) -> index(evaluator, arguments, false)));
    all.add(Builtins.member("xor_sum", "x|input, axis=None, keep_dims=False", "Exclusive or of the elements.",
        "integers", (evaluator, arguments) -> {
          Session session = evaluator.session;
          Ssa tile = arguments.tile("x");
          if (tile.element().isFloating()) {
            throw arguments.typeError("x", "a tile of integers");
          }
          return new Value.Runtime(session.reductions.simple(tile, axis(arguments, tile),
              arguments.flag("keep_dims"), BigInteger.ZERO, session.reductions.each(
                  (a, b) -> session.writer.compute(Elementwise.XORI, a.type(), a, b))));
        }));
    all.add(Builtins.member("softmax", "x, dim|axis=None, keep_dims=False, ieee_rounding=False",
        "exp(x - max(x)) / sum(exp(x - max(x))) along an axis, the first one unless said otherwise (as in Triton).",
        "floating; f16 and bf16 give f32, of the shape of x", ReductionBuiltins::softmax));
    all.add(Builtins.both("reduce", "x|input, axis, combine_fn, keep_dims=False, identity=None",
        "Reduction with a helper function of two values (or of two tuples' worth of values).",
        "axis=None reduces all axes; the function must be associative, keep the types, and leave identity unchanged if it "
            + "is given",
        ReductionBuiltins::reduceWithFunction));
    all.add(Builtins.member("cumsum", "x|input, axis=0, reverse=False, dtype=None",
        "Sums of the elements up to each one.", "bf16 is added in f32",
        (evaluator, arguments) -> cumulate(evaluator, arguments, Elementwise.ADDF, Elementwise.ADDI)));
    all.add(Builtins.member("cumprod", "x|input, axis=0, reverse=False", "Products of the elements up to each one.",
        "bf16 is multiplied in f32",
        (evaluator, arguments) -> cumulate(evaluator, arguments, Elementwise.MULF, Elementwise.MULI)));
    all.add(Builtins.both("associative_scan", "x|input, axis, combine_fn, reverse=False",
        "Scan with a helper function of two values (or of two tuples' worth of values).",
        "the function must be associative and keep the types", ReductionBuiltins::scanWithFunction));
  }

  private static Integer axis(Arguments arguments, Ssa tile) {
    return arguments.has("axis") ? arguments.axis("axis", tile.shape().size()) : null;
  }

  private static Value sum(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa tile = arguments.tile("x");
    ElementType element = tile.element();
    ElementType result = element;
    if (arguments.has("dtype")) {
      result = arguments.elementType("dtype");
    } else if (element.isInteger() && element.bits() < 32) {
      result = element.isSigned() ? ElementType.I32 : ElementType.U32;
    } else if (element == ElementType.BF16 || element.isFloat8()) {
      result = ElementType.F32;
    }
    // The sum of halves is a half, but its many additions need not round each time.
    ElementType add = result.isFloating() && result.bits() < 32 ? ElementType.F32 : result;
    Ssa input = session.conversions.convert(tile, add);
    Elementwise operation = add.isFloating() ? Elementwise.ADDF : Elementwise.ADDI;
    Ssa total = session.reductions.simple(input, axis(arguments, tile), arguments.flag("keep_dims"),
        Reductions.zero(add), session.reductions.each((a, b) -> session.writer.compute(operation, a.type(), a, b)));
    return new Value.Runtime(session.conversions.convert(total, result));
  }

  private static Value extreme(Evaluator evaluator, Arguments arguments, boolean largest) {
    Session session = evaluator.session;
    if (Arithmetic.shapeOf(arguments.get("x")).isEmpty()) {
      return MathBuiltins.extreme(session, arguments.get("x"), arguments.get("axis"), largest, false);
    }
    Ssa tile = arguments.tile("x");
    ElementType element = tile.element();
    if (element.bits() < 32) {
      tile = session.conversions.convert(tile, element.isFloating() ? ElementType.F32 : ElementType.I32);
    }
    if (arguments.flag("return_indices")) {
      List<Ssa> both = withIndex(session, arguments, tile, largest);
      return new Value.Tuple(List.of(new Value.Runtime(both.get(0)), new Value.Runtime(both.get(1))));
    }
    Elementwise operation = MathBuiltins.extremeOperation(tile.element(), largest, false);
    Number identity = largest ? Reductions.lowest(tile.element()) : Reductions.highest(tile.element());
    return new Value.Runtime(session.reductions.simple(tile, axis(arguments, tile), arguments.flag("keep_dims"),
        identity, session.reductions.each((a, b) -> session.writer.compute(operation, a.type(), a, b))));
  }

  private static Value softmax(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    ProgramWriter writer = session.writer;
    Ssa given = arguments.tile("x");
    if (!given.element().isFloating()) {
      throw arguments.typeError("x", "a tile of floating numbers");
    }
    Ssa x = given.element().bits() < 32 ? session.conversions.convert(given, ElementType.F32) : given;
    int axis = arguments.has("dim") ? arguments.axis("dim", x.shape().size()) : 0;
    Ssa largest = session.reductions.simple(x, axis, true, Reductions.lowest(x.element()), session.reductions.each(
        (a, b) -> writer.compute(Elementwise.MAXNUMF, a.type(), a, b)));
    Ssa shifted = writer.compute(Elementwise.SUBF, x.type(), x, session.shapes.stretch(largest, x.shape()));
    Ssa power = writer.compute(Elementwise.EXP, x.type(), shifted);
    Ssa total = session.reductions.simple(power, axis, true, Reductions.zero(x.element()), session.reductions.each(
        (a, b) -> writer.compute(Elementwise.ADDF, a.type(), a, b)));
    return new Value.Runtime(
        writer.compute(Elementwise.DIVF, x.type(), power, session.shapes.stretch(total, x.shape())));
  }

  private static Value index(Evaluator evaluator, Arguments arguments, boolean largest) {
    return new Value.Runtime(withIndex(evaluator.session, arguments, arguments.tile("x"), largest).get(1));
  }

  private static List<Ssa> withIndex(Session session, Arguments arguments, Ssa given, boolean largest) {
    Integer axis = axis(arguments, given);
    Ssa tile = axis != null ? given
        : session.writer.reshape(given, List.of((int) Shapes.elements(given.shape())));
    ElementType element = tile.element();
    if (element.isFloating() && element.bits() < 32) {
      tile = session.conversions.convert(tile, ElementType.F32);
    }
    int along = axis == null ? 0 : axis;
    List<Ssa> results = session.reductions.extremeWithIndex(tile, along, largest);
    if (!arguments.flag("keep_dims")) {
      return results;
    }
    List<Integer> kept = new ArrayList<>(given.shape());
    kept.replaceAll(size -> axis == null ? 1 : size);
    kept.set(along, 1);
    return results.stream().map(result -> session.reductions.keepDimensions(result, kept)).toList();
  }

  // ---- with a user's function ----

  private static List<Ssa> tiles(Arguments arguments) {
    Value x = arguments.get("x");
    List<Value> values = x instanceof Value.Tuple tuple ? tuple.elements() : List.of(x);
    List<Ssa> tiles = new ArrayList<>();
    for (Value value : values) {
      if (!(value instanceof Value.Runtime(Ssa ssa)) || !(ssa.type() instanceof ValueType.Tile)
          || !tiles.isEmpty() && !ssa.shape().equals(tiles.getFirst().shape())) {
        throw arguments.typeError("x", "a tile, or a tuple of tiles of one shape");
      }
      tiles.add(ssa);
    }
    return tiles;
  }

  private static Reductions.Combiner combiner(Evaluator evaluator, Arguments arguments) {
    if (!(arguments.get("combine_fn") instanceof Value.Function function)) {
      throw arguments.typeError("combine_fn", "a helper function");
    }
    return (left, right) -> {
      List<Value> values = new ArrayList<>();
      left.forEach(ssa -> values.add(new Value.Runtime(ssa)));
      right.forEach(ssa -> values.add(new Value.Runtime(ssa)));
      Value combined = evaluator.callWith(function, values, arguments.place());
      List<Value> parts = combined instanceof Value.Tuple tuple ? tuple.elements() : List.of(combined);
      List<Ssa> results = new ArrayList<>();
      for (Value part : parts) {
        if (!(part instanceof Value.Runtime(Ssa ssa))) {
          throw arguments.error(FrontEndCode.TYPE, "the combine function gives " + Arithmetic.describe(part)
              + ", which is no value of the running kernel", null);
        }
        results.add(ssa);
      }
      return results;
    };
  }

  private static Value reduceWithFunction(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    List<Ssa> tiles = tiles(arguments);
    List<Integer> given = tiles.getFirst().shape();
    Integer axis = axis(arguments, tiles.getFirst());
    List<Number> identities = arguments.has("identity") ? identities(arguments, tiles) : null;
    List<Ssa> inputs = axis != null ? tiles : tiles.stream()
        .map(tile -> session.writer.reshape(tile, List.of((int) Shapes.elements(given)))).toList();
    List<Ssa> results = session.reductions.reduce(
        inputs, axis == null ? 0 : axis, identities, combiner(evaluator, arguments));
    if (!arguments.flag("keep_dims")) {
      return values(results);
    }
    List<Integer> kept = new ArrayList<>(given);
    kept.replaceAll(size -> axis == null ? 1 : size);
    if (axis != null) {
      kept.set(axis, 1);
    }
    return values(results.stream().map(result -> session.reductions.keepDimensions(result, kept)).toList());
  }

  private static List<Number> identities(Arguments arguments, List<Ssa> tiles) {
    List<Value> given = arguments.get("identity") instanceof Value.Tuple tuple ? tuple.elements()
        : Collections.nCopies(tiles.size(), arguments.get("identity"));
    List<Number> identities = new ArrayList<>();
    for (int i = 0; i < tiles.size(); i++) {
      if (given.size() != tiles.size() || !(given.get(i) instanceof Value.Constant(Object number))
          || !PythonNumbers.isNumber(number)) {
        throw arguments.typeError("identity", "a number for each tile, known at compile time,");
      }
      identities.add(tiles.get(i).element().isFloating()
          ? (Number) PythonNumbers.toDouble(number) : PythonNumbers.toInteger(number));
    }
    return identities;
  }

  private static Value scanWithFunction(Evaluator evaluator, Arguments arguments) {
    List<Ssa> tiles = tiles(arguments);
    int axis = arguments.axis("axis", tiles.getFirst().shape().size());
    return values(evaluator.session.reductions.scan(
        tiles, axis, arguments.flag("reverse"), combiner(evaluator, arguments)));
  }

  private static Value cumulate(Evaluator evaluator, Arguments arguments, Elementwise floating, Elementwise integer) {
    Session session = evaluator.session;
    Ssa tile = arguments.tile("x");
    if (tile.element() == ElementType.BF16 || tile.element().isFloat8()) {
      tile = session.conversions.convert(tile, ElementType.F32);
    } else if (tile.element() == ElementType.BOOL) {
      tile = session.conversions.convert(tile, ElementType.I32);
    }
    Elementwise operation = tile.element().isFloating() ? floating : integer;
    return values(session.reductions.scan(List.of(tile), arguments.axis("axis", tile.shape().size()),
        arguments.flag("reverse"), session.reductions.each((a, b) -> session.writer.compute(operation, a.type(), a, b))));
  }

  private static Value values(List<Ssa> results) {
    return results.size() == 1 ? new Value.Runtime(results.getFirst())
        : new Value.Tuple(results.stream().map(ssa -> (Value) new Value.Runtime(ssa)).toList());
  }
}
