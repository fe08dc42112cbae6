// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Other shapes and types for the same elements.
final class ShapeBuiltins {
  private static final Builtin.Flags MEMBER = new Builtin.Flags(true, true, false);

  private ShapeBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.member("to", "x|input, dtype, fp_downcast_rounding=None, bitcast=False",
        "The elements converted to another type: to the nearest value, integers wrap around.",
        "any -> dtype; with bitcast=True the bits stay and the widths must be equal", ShapeBuiltins::cast));
    all.add(Builtins.entry("cast", List.of("cast"), "x|input, dtype, fp_downcast_rounding=None, bitcast=False",
        MEMBER, "The same as x.to(dtype).", "any -> dtype", ShapeBuiltins::cast));
    all.add(Builtins.entry("trans", List.of("trans", "permute"), "x|input, *dims", MEMBER,
        "The dimensions in another order; without dims the last two change places, as in x.T.",
        "rank 2 or more", ShapeBuiltins::transpose));
    all.add(Builtins.entry("reshape", List.of("reshape", "view"), "x|input, *shape, can_reorder=False", MEMBER,
        "The same elements in row-major order under another shape.", "as many elements", ShapeBuiltins::reshape));
    all.add(Builtins.member("ravel", "x|input, can_reorder=False", "The elements as a tile of rank 1.", "",
        (evaluator, arguments) -> {
          Ssa tile = arguments.tile("x");
          return new Value.Runtime(evaluator.session.writer.reshape(tile, List.of((int) Shapes.elements(tile.shape()))));
        }));
    all.add(Builtins.member("expand_dims", "x|input, axis", "One more dimension of size 1, as x[:, None] gives.", "",
        ShapeBuiltins::expandDimensions));
    all.add(Builtins.member("broadcast_to", "x|input, *shape", "The tile stretched to a shape.",
        "sizes equal or 1", ShapeBuiltins::broadcastTo));
    all.add(Builtins.entry("broadcast", List.of("broadcast"), "x|input, y|other", new Builtin.Flags(true, false, false),
        "Both tiles stretched to their common shape.", "gives a tuple of two", (evaluator, arguments) -> {
          Session session = evaluator.session;
          Ssa x = arguments.runtime("x");
          Ssa y = arguments.runtime("y");
          List<Integer> shape = session.shapes.meet(x.shape(), y.shape());
          return new Value.Tuple(List.of(new Value.Runtime(session.shapes.stretch(x, shape)),
              new Value.Runtime(session.shapes.stretch(y, shape))));
        }));
  }

  private static Value cast(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    ElementType to = arguments.elementType("dtype");
    String rounding = arguments.has("fp_downcast_rounding") ? arguments.text("fp_downcast_rounding") : "rtne";
    if (!rounding.equals("rtne")) {
      throw arguments.error(FrontEndCode.UNSUPPORTED_PYTHON, "the rounding '" + rounding + "' is not supported",
          "conversions round to the nearest value, 'rtne'");
    }
    if (arguments.get("x") instanceof Value.Constant(Object number) && PythonNumbers.isNumber(number)) {
      Object converted = !to.isFloating() && number instanceof Double d
          ? java.math.BigDecimal.valueOf(d).toBigInteger() : number;
      return new Value.Runtime(session.conversions.materialize(converted, new ValueType.Scalar(to)));
    }
    Ssa value = arguments.runtime("x");
    if (!arguments.flag("bitcast")) {
      return new Value.Runtime(session.conversions.convert(value, to));
    }
    if (value.element().bits() != to.bits()) {
      throw arguments.error(FrontEndCode.TYPE, "the bits of " + value.element() + " cannot be seen as " + to
          + ": the widths differ", null);
    }
    return new Value.Runtime(session.writer.compute(Elementwise.BITCAST, value.type().withElement(to), value));
  }

  private static Value transpose(Evaluator evaluator, Arguments arguments) {
    Ssa tile = arguments.tile("x");
    int rank = tile.shape().size();
    List<Long> given = arguments.integers("dims");
    List<Integer> permutation = new ArrayList<>();
    if (given.isEmpty()) {
      for (int i = 0; i < rank; i++) {
        permutation.add(rank >= 2 && i >= rank - 2 ? 2 * rank - 3 - i : i);
      }
    } else {
      given.forEach(dimension -> permutation.add((int) (dimension < 0 ? dimension + rank : dimension)));
      TreeSet<Integer> distinct = new TreeSet<>(permutation);
      if (distinct.size() != rank || permutation.size() != rank || distinct.first() != 0 || distinct.last() != rank - 1) {
        throw arguments.error(FrontEndCode.SHAPE, given + " is no order of the " + rank + " dimensions of a tile "
            + tile.shape(), null);
      }
    }
    return new Value.Runtime(evaluator.session.writer.transpose(tile, permutation));
  }

  private static Value reshape(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa value = arguments.runtime("x");
    List<Integer> shape = session.shapes.checked(arguments.integers("shape"), "the tile");
    if (Shapes.elements(shape) != Shapes.elements(value.shape())) {
      throw arguments.error(FrontEndCode.SHAPE, "a tile of shape " + value.shape() + " has "
          + Shapes.elements(value.shape()) + " elements, the shape " + shape + " " + Shapes.elements(shape), null);
    }
    return new Value.Runtime(value.type() instanceof ValueType.Scalar
        ? session.shapes.stretch(value, shape) : session.writer.reshape(value, shape));
  }

  private static Value expandDimensions(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa value = arguments.runtime("x");
    List<Integer> shape = new ArrayList<>(value.shape());
    int axis = arguments.axis("axis", shape.size() + 1);
    shape.add(axis, 1);
    return new Value.Runtime(value.type() instanceof ValueType.Scalar
        ? session.writer.splat(value, shape) : session.writer.reshape(value, shape));
  }

  private static Value broadcastTo(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa value = arguments.runtime("x");
    List<Integer> shape = session.shapes.checked(arguments.integers("shape"), "the tile");
    if (!session.shapes.meet(value.shape(), shape).equals(shape)) {
      throw arguments.error(FrontEndCode.SHAPE, "a tile of shape " + value.shape() + " does not stretch to " + shape, null);
    }
    return new Value.Runtime(session.shapes.stretch(value, shape));
  }
}
