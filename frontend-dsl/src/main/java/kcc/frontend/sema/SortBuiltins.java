// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Elements in another order: sort, topk, flip, gather; two tiles as one and back: join, interleave, cat, split; and how
/// often each value occurs: histogram.
final class SortBuiltins {
  private static final String ORDER = "a NaN counts as larger than every number, -0.0 as equal to 0.0";

  private SortBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.member("sort", "x, dim|axis=None, descending=False, return_indices=False",
        "The elements in rising (falling) order along an axis, the last one unless said otherwise. Equal elements may "
            + "change places, but not with return_indices, which also gives where each element came from.",
        "any type but pointers; " + ORDER + "; indices are i32", (evaluator, arguments) -> {
          Ssa tile = arguments.tile("x");
          int axis = axis(arguments, tile);
          return sorted(evaluator.session, tile, axis, arguments.flag("descending"), arguments.flag("return_indices"),
              tile.shape().get(axis));
        }));
    all.add(Builtins.member("argsort", "x, dim|axis=None, descending=False",
        "The places from which sort takes its elements; equal elements stay in order.", "-> i32; " + ORDER,
        (evaluator, arguments) -> {
          Ssa tile = arguments.tile("x");
          int axis = axis(arguments, tile);
          Value both = sorted(
              evaluator.session, tile, axis, arguments.flag("descending"), true, tile.shape().get(axis));
          return ((Value.Tuple) both).elements().get(1);
        }));
    all.add(Builtins.member("topk", "x, k, dim|axis=None, return_indices=False",
        "The k largest elements along an axis, the largest first.",
        "k a power of two known at compile time; " + ORDER + "; indices are i32, of equal elements the first ones",
        SortBuiltins::largest));
    all.add(Builtins.both("bitonic_merge", "x, dim|axis=None, descending=False",
        "A tile sorted that rises and then falls along an axis.", "as with sort; the order of other tiles is not defined",
        (evaluator, arguments) -> {
          Ssa tile = arguments.tile("x");
          int axis = axis(arguments, tile);
          return new Value.Runtime(network(evaluator.session, List.of(tile), axis, arguments.flag("descending"), true,
              tile.shape().get(axis)).getFirst());
        }));
    all.add(Builtins.member("flip", "x, dim|axis=None", "The elements in reverse order along an axis, the last one unless "
        + "said otherwise.", "", (evaluator, arguments) -> {
          Ssa tile = arguments.tile("x");
          ProgramWriter writer = evaluator.session.writer;
          Ssa result = writer.fresh(tile.type());
          writer.add(new TileOp.Flip(arguments.place(), result, tile, axis(arguments, tile)));
          return new Value.Runtime(result);
        }));
    all.add(Builtins.member("gather", "src|x, index, axis",
        "Elements of a tile chosen along an axis: result[i, j] is src[i, index[i, j]] for axis 1.",
        "index: i32 or i64, of the rank and, apart from the axis, of the sizes of src; an index outside gives 0",
        SortBuiltins::gather));
    all.add(Builtins.both("join", "a, b", "Two tiles beside each other along a new last axis of size 2.",
        "promoted and broadcast", (evaluator, arguments) -> {
          Arithmetic.Pair pair = pair(evaluator.session, arguments, "a", "b");
          return new Value.Runtime(joined(evaluator.session, pair.left(), pair.right()));
        }));
    all.add(Builtins.both("interleave", "a, b", "The elements of two tiles in turn along the last axis.",
        "promoted and broadcast", (evaluator, arguments) -> {
          Session session = evaluator.session;
          Arithmetic.Pair pair = pair(session, arguments, "a", "b");
          Ssa joined = joined(session, pair.left(), pair.right());
          List<Integer> shape = new ArrayList<>(joined.shape());
          shape.removeLast();
          int last = shape.isEmpty() ? 1 : shape.removeLast();
          shape.add(2 * last);
          return new Value.Runtime(session.writer.reshape(joined, shape));
        }));
    all.add(Builtins.both("cat", "a|input, b|other, can_reorder=False",
        "The second tile behind the first along the first axis.", "promoted, of one shape", SortBuiltins::concatenation));
    all.add(Builtins.member("split", "x|a", "The two halves of a tile along its last axis, which has the size 2.",
        "gives a tuple of two", SortBuiltins::halves));
    all.add(Builtins.member("histogram", "x|input, num_bins, mask=None",
        "How often each of 0, 1, ... up to num_bins - 1 occurs; other values, and those whose mask is false, do not count.",
        "integers, num_bins a power of two known at compile time -> i32 [num_bins]", SortBuiltins::histogram));
  }

  /// The last axis unless one is given.
  private static int axis(Arguments arguments, Ssa tile) {
    return arguments.has("dim") ? arguments.axis("dim", tile.shape().size()) : tile.shape().size() - 1;
  }

  // ---- order ----

  /// The tile, or a tuple of the tile and the indices, of which the first `leading` are right.
  private static Value sorted(
      Session session, Ssa tile, int axis, boolean descending, boolean withIndices, int leading) {
    if (!withIndices) {
      return new Value.Runtime(network(session, List.of(tile), axis, descending, false, leading).getFirst());
    }
    Ssa indices = session.shapes.stretch(session.reductions.places(tile.shape(), axis), tile.shape());
    List<Ssa> both = network(session, List.of(tile, indices), axis, descending, false, leading);
    return new Value.Tuple(List.of(new Value.Runtime(both.get(0)), new Value.Runtime(both.get(1))));
  }

  /// Tiles sorted by the first one, and where that is equal by the second.
  private static List<Ssa> network(Session session, List<Ssa> tiles, int axis, boolean descending, boolean bitonic,
      int leading) {
    ProgramWriter writer = session.writer;
    List<ValueType> arguments = new ArrayList<>();
    for (int copy = 0; copy < 2; copy++) {
      tiles.forEach(tile -> arguments.add(new ValueType.Scalar(tile.element())));
    }
    int count = tiles.size();
    Place place = writer.place();
    TileOp.Region comparator = writer.region(arguments, values -> {
      Ssa first = values.getFirst();
      Ssa second = values.get(count);
      Ssa before = descending ? less(session, second, first) : less(session, first, second);
      if (count > 1) {
        Ssa after = descending ? less(session, first, second) : less(session, second, first);
        Ssa isNotAfter = writer.compute(Elementwise.XORI, ProgramWriter.I1, after, writer.integer(ProgramWriter.I1, 1));
        Ssa isEarlier = writer.compare(Predicate.SLT, values.get(1), values.get(count + 1));
        Ssa breaksTie = writer.compute(Elementwise.ANDI, ProgramWriter.I1, isNotAfter, isEarlier);
        before = writer.compute(Elementwise.ORI, ProgramWriter.I1, before, breaksTie);
      }
      return List.of(before);
    });
    List<Ssa> results = new ArrayList<>();
    tiles.forEach(tile -> results.add(writer.fresh(tile.type())));
    writer.at(place);
    writer.add(new TileOp.Sort(place, results, tiles, axis, descending, bitonic, leading, comparator));
    return results;
  }

  /// A NaN is not less than anything, and every number is less than a NaN.
  private static Ssa less(Session session, Ssa left, Ssa right) {
    ElementType element = left.element();
    if (!element.isFloating()) {
      return session.writer.compare(Reductions.less(element), left, right);
    }
    Ssa a = element.bits() < 32 ? session.conversions.convert(left, ElementType.F32) : left;
    Ssa b = element.bits() < 32 ? session.conversions.convert(right, ElementType.F32) : right;
    Ssa isNotAbove = session.writer.compare(Predicate.LESS_OR_NAN, a, b);
    Ssa isNumber = session.writer.compare(Predicate.OEQ, a, a);
    return session.writer.compute(Elementwise.ANDI, ProgramWriter.I1, isNotAbove, isNumber);
  }

  private static Value largest(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa tile = arguments.tile("x");
    int axis = axis(arguments, tile);
    int size = tile.shape().get(axis);
    int count = session.shapes.checked(List.of(arguments.integer("k")), "the result of 'topk'").getFirst();
    if (count > size) {
      throw arguments.error(FrontEndCode.SHAPE, "there are no " + count + " largest of " + size + " elements", null);
    }
    Value sorted = sorted(session, tile, axis, true, arguments.flag("return_indices"), count);
    if (sorted instanceof Value.Tuple(List<Value> both)) {
      List<Value> first = new ArrayList<>();
      both.forEach(each -> first.add(new Value.Runtime(first(session, ((Value.Runtime) each).ssa(), axis, count))));
      return new Value.Tuple(first);
    }
    return new Value.Runtime(first(session, ((Value.Runtime) sorted).ssa(), axis, count));
  }

  private static Ssa first(Session session, Ssa tile, int axis, int count) {
    List<Integer> shape = new ArrayList<>(tile.shape());
    shape.set(axis, count);
    return shape.equals(tile.shape()) ? tile
        : chosen(session, tile, session.shapes.stretch(session.reductions.places(shape, axis), shape), axis);
  }

  // ---- places ----

  private static Ssa chosen(Session session, Ssa tile, Ssa index, int axis) {
    Ssa result = session.writer.fresh(new ValueType.Tile(tile.element(), index.shape()));
    session.writer.add(new TileOp.Gather(session.writer.place(), result, tile, index, axis));
    return result;
  }

  private static Value gather(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa tile = arguments.tile("src");
    Ssa index = arguments.tile("index");
    int axis = arguments.axis("axis", tile.shape().size());
    if (!index.element().isInteger() || index.element() == ElementType.BOOL) {
      throw arguments.typeError("index", "a tile of integers");
    }
    List<Integer> fitting = new ArrayList<>(tile.shape());
    if (index.shape().size() == fitting.size()) {
      fitting.set(axis, index.shape().get(axis));
    }
    if (!fitting.equals(index.shape())) {
      throw arguments.error(FrontEndCode.SHAPE, "indices of shape " + index.shape() + " do not fit a tile of shape "
          + tile.shape() + ": apart from axis " + axis + " the sizes are the same", null);
    }
    ElementType wide = index.element().bits() < 32 || index.element() == ElementType.I32 ? ElementType.I32 : ElementType.I64;
    return new Value.Runtime(chosen(session, tile, session.conversions.convert(index, wide), axis));
  }

  private static Arithmetic.Pair pair(Session session, Arguments arguments, String first, String second) {
    return session.arithmetic.meet("join", arguments.get(first), arguments.get(second), false);
  }

  private static Ssa joined(Session session, Ssa first, Ssa second) {
    ProgramWriter writer = session.writer;
    if (first.type() instanceof ValueType.Scalar) {
      Ssa row = joined(session, writer.splat(first, List.of(1)), writer.splat(second, List.of(1)));
      return writer.reshape(row, List.of(2));
    }
    List<Integer> shape = new ArrayList<>(first.shape());
    shape.add(2);
    Ssa result = writer.fresh(new ValueType.Tile(first.element(), session.shapes.checked(
        shape.stream().map(Integer::longValue).toList(), "the joined tile")));
    writer.add(new TileOp.Join(writer.place(), result, first, second));
    return result;
  }

  private static Value concatenation(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa a = arguments.tile("a");
    Ssa b = arguments.tile("b");
    if (!a.shape().equals(b.shape())) {
      throw arguments.error(FrontEndCode.SHAPE, "'cat' needs two tiles of one shape, here they are " + a.shape() + " and "
          + b.shape(), null);
    }
    Arithmetic.Pair pair = pair(session, arguments, "a", "b");
    Ssa joined = joined(session, pair.left(), pair.right());
    List<Integer> order = new ArrayList<>(Collections.nCopies(1, a.shape().size()));
    List<Integer> shape = new ArrayList<>(a.shape());
    for (int i = 0; i < shape.size(); i++) {
      order.add(i);
    }
    shape.set(0, 2 * shape.getFirst());
    return new Value.Runtime(session.writer.reshape(session.writer.transpose(joined, order), shape));
  }

  private static Value halves(Evaluator evaluator, Arguments arguments) {
    ProgramWriter writer = evaluator.session.writer;
    Ssa tile = arguments.tile("x");
    if (tile.shape().getLast() != 2) {
      throw arguments.error(FrontEndCode.SHAPE, "'split' needs a last axis of size 2, here the shape is " + tile.shape(),
          "reshape it first, such as x.reshape(" + tile.shape().getFirst() + ", ..., 2)");
    }
    boolean isPair = tile.shape().size() == 1;
    Ssa whole = isPair ? writer.reshape(tile, List.of(1, 2)) : tile;
    List<Integer> shape = new ArrayList<>(whole.shape());
    shape.removeLast();
    Ssa first = writer.fresh(new ValueType.Tile(tile.element(), shape));
    Ssa second = writer.fresh(new ValueType.Tile(tile.element(), shape));
    writer.add(new TileOp.Split(arguments.place(), first, second, whole));
    Reductions reductions = evaluator.session.reductions;
    return new Value.Tuple(List.of(new Value.Runtime(isPair ? onlyElement(reductions, first) : first),
        new Value.Runtime(isPair ? onlyElement(reductions, second) : second)));
  }

  private static Ssa onlyElement(Reductions reductions, Ssa tile) {
    return reductions.reduce(List.of(tile), 0, null, (left, _) -> left).getFirst();
  }

  private static Value histogram(Evaluator evaluator, Arguments arguments) {
    Session session = evaluator.session;
    Ssa tile = arguments.tile("x");
    if (!tile.element().isInteger()) {
      throw arguments.typeError("x", "a tile of integers");
    }
    List<Integer> bins = session.shapes.checked(List.of(arguments.integer("num_bins")), "the histogram");
    Ssa mask = null;
    if (arguments.has("mask")) {
      Ssa bits = session.conversions.convert(arguments.runtime("mask"), ElementType.BOOL);
      if (!session.shapes.meet(bits.shape(), tile.shape()).equals(tile.shape())) {
        throw arguments.error(FrontEndCode.SHAPE, "a mask of shape " + bits.shape() + " does not fit a tile of shape "
            + tile.shape(), null);
      }
      mask = session.shapes.stretch(bits, tile.shape());
    }
    ElementType wide = tile.element().bits() < 32 || tile.element() == ElementType.I32 ? ElementType.I32 : ElementType.I64;
    Ssa result = session.writer.fresh(new ValueType.Tile(ElementType.I32, bins));
    session.writer.add(
        new TileOp.Histogram(arguments.place(), result, session.conversions.convert(tile, wide), mask));
    return new Value.Runtime(result);
  }
}
