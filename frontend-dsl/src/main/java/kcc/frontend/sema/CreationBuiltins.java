// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;

/// New tiles.
final class CreationBuiltins {
  private CreationBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.both("zeros", "shape, dtype", "A tile of zeros.",
        "compile-time shape, powers of two", (evaluator, arguments) ->
            filled(evaluator, arguments, Value.Constant.of(0), arguments.elementType("dtype"))));
    all.add(Builtins.both("full", "shape, value, dtype", "A tile with one value everywhere.",
        "a number or scalar, converted to dtype", (evaluator, arguments) ->
            filled(evaluator, arguments, arguments.get("value"), arguments.elementType("dtype"))));
    all.add(Builtins.both("zeros_like", "x|input", "A tile of zeros with the shape and type of x.", "",
        (evaluator, arguments) -> {
          Ssa like = arguments.runtime("x");
          return new Value.Runtime(evaluator.session.conversions.materialize(false, like.type()));
        }));
    all.add(Builtins.both("arange", "start, end=None",
        "start, start + 1, ... up to end - 1; with one argument from 0.",
        "compile-time bounds, their distance a power of two -> i32", CreationBuiltins::arange));
  }

  private static Value filled(Evaluator evaluator, Arguments arguments, Value value, ElementType element) {
    Session session = evaluator.session;
    List<Integer> shape = session.shapes.checked(arguments.integers("shape"), "the tile");
    session.arithmetic.requireArithmetic("full", value);
    if (value instanceof Value.Constant(Object number)) {
      Object converted = !element.isFloating() && number instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e18
          ? java.math.BigInteger.valueOf(d.longValue()) : number;
      return new Value.Runtime(session.conversions.materialize(converted, ValueType.of(element, shape)));
    }
    Ssa scalar = ((Value.Runtime) value).ssa();
    if (scalar.type() instanceof ValueType.Tile) {
      throw arguments.typeError("value", "a number or a scalar");
    }
    return new Value.Runtime(session.shapes.stretch(session.conversions.convert(scalar, element), shape));
  }

  private static Value arange(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    long first = arguments.integer("start");
    long start = arguments.has("end") ? first : 0;
    long end = arguments.has("end") ? arguments.integer("end") : first;
    if (end <= start) {
      throw arguments.error(FrontEndCode.SHAPE, "arange(" + start + ", " + end + ") is empty", null);
    }
    if (start < Integer.MIN_VALUE || end > Integer.MAX_VALUE) {
      throw arguments.error(FrontEndCode.TYPE, "arange(" + start + ", " + end + ") does not fit in i32", null);
    }
    List<Integer> shape = session.shapes.checked(List.of(end - start), "arange(" + start + ", " + end + ")");
    Ssa result = session.writer.fresh(new ValueType.Tile(ElementType.I32, shape));
    session.writer.add(new TileOp.Arange(arguments.place(), result, start));
    return new Value.Runtime(result);
  }
}
