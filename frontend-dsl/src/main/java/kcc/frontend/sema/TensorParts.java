// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kcc.frontend.syntax.Expression;

/// What `A[...]` names: a rectangle where all indices are slices and scalars, single elements where tiles of indices
/// choose them.
final class TensorParts {
  private final Session session;
  private final ProgramWriter writer;

  TensorParts(Session session) {
    this.session = session;
    this.writer = session.writer;
  }

  /// One index, with its place for messages.
  private sealed interface Index {}

  /// `i`: one place of a dimension.
  private record Single(Ssa at) implements Index {}

  /// `i:i+n`: `length` neighbours.
  private record Run(Ssa from, long length) implements Index {}

  /// A tile of i64.
  private record Chosen(Ssa tile, Place place) implements Index {}

  Value.Part part(Value.Tensor tensor, List<Expression> expressions, Scope scope, Place place) {
    int rank = tensor.sizes().size();
    List<Expression> given = spread(expressions, rank);
    if (given.size() != rank) {
      throw SemanticError.at(place, FrontEndCode.SHAPE, "the tensor '" + tensor.name() + "' has "
          + rank + " dimensions, here it has " + given.size() + " indices",
          "write ':' for a whole dimension");
    }
    List<Index> indices = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Place indexPlace = scope.place(given.get(i).span());
      indices.add(given.get(i) instanceof Expression.Slice slice ? run(tensor, i, slice, scope, indexPlace)
          : chosen(tensor, session.evaluator.evaluate(given.get(i), scope), indexPlace));
    }
    writer.at(place);
    return indices.stream().anyMatch(Chosen.class::isInstance) ? elements(tensor, indices) : rectangle(tensor, indices);
  }

  /// `...` stands for the whole of all dimensions that are not given.
  private static List<Expression> spread(List<Expression> indices, int rank) {
    List<Expression> given = new ArrayList<>();
    for (Expression index : indices) {
      if (index instanceof Expression.EllipsisLiteral) {
        for (int i = indices.size() - 1; i < rank; i++) {
          given.add(new Expression.Slice(index.span(), null, null, null));
        }
      } else {
        given.add(index);
      }
    }
    return given;
  }

  // ---- single indices ----

  private Index chosen(Value.Tensor tensor, Value value, Place place) {
    Ssa index = integer(tensor, value, place);
    return index.type() instanceof ValueType.Tile ? new Chosen(index, place) : new Single(index);
  }

  /// An index as i64.
  private Ssa integer(Value.Tensor tensor, Value value, Place place) {
    writer.at(place);
    if (value instanceof Value.Constant(BigInteger integer) && integer.signum() < 0) {
      throw SemanticError.at(place, FrontEndCode.MEMORY, "the index " + integer
          + " lies outside of the tensor: negative indices do not count from the end", null);
    }
    session.arithmetic.requireArithmetic("[...]", value);
    ElementType element = session.arithmetic.elementOf(value);
    boolean isMask = element == ElementType.BOOL && !Arithmetic.shapeOf(value).isEmpty();
    if (!element.isInteger() || isMask) {
      throw SemanticError.at(place, FrontEndCode.TYPE, "the tensor '" + tensor.name()
          + "' is indexed with integers, not with " + Arithmetic.describe(value),
          isMask ? "a mask is given to load(" + tensor.name() + "[...], mask=...) and store(" + tensor.name()
              + "[...], value, mask=...)" : null);
    }
    if (value instanceof Value.Constant(Object number)) {
      return session.conversions.materialize(number, ProgramWriter.I64);
    }
    return session.conversions.convert(((Value.Runtime) value).ssa(), ElementType.I64);
  }

  private Ssa bound(Value.Tensor tensor, Value value, Place place) {
    Ssa bound = integer(tensor, value, place);
    if (bound.type() instanceof ValueType.Tile) {
      throw SemanticError.at(place, FrontEndCode.MEMORY, "a slice begins and ends at integers, not at "
          + Arithmetic.describe(value), "a tile of indices alone chooses elements: " + tensor.name() + "[idx]");
    }
    return bound;
  }

  private Run run(Value.Tensor tensor, int dimension, Expression.Slice slice, Scope scope, Place place) {
    if (slice.step() != null) {
      throw SemanticError.at(scope.place(slice.step().span()), FrontEndCode.MEMORY, "slices of tensors have no step",
          "choose the elements: " + tensor.name() + "[start + step * arange(BN)]");
    }
    Value lower = slice.lower() == null ? Value.Constant.of(0) : session.evaluator.evaluate(slice.lower(), scope);
    Ssa from = bound(tensor, lower, place);
    Value upper = slice.upper() == null ? tensor.sizes().get(dimension) : session.evaluator.evaluate(slice.upper(), scope);
    Ssa to = bound(tensor, upper, place);
    Polynomial start = writer.known(from);
    Polynomial end = writer.known(to);
    Polynomial length = start == null || end == null ? null : end.minus(start);
    if (length != null && length.isNumber()) {
      if (length.asNumber() <= 0) {
        throw SemanticError.at(place, FrontEndCode.SHAPE, "this slice is empty: it has " + length.asNumber() + " elements");
      }
      return new Run(from, length.asNumber());
    }
    if (slice.upper() == null) {
      String size = length != null && length.isHost() ? length.toText() : "the size";
      throw SemanticError.at(place, FrontEndCode.NOT_CONSTANT, "the length of this slice is " + size
          + ", which is not known at compile time, and the shape of a tile must be",
          size.matches("\\w+") ? "fix it with -D " + size + "=VALUE, or read a part such as i:i+BN in a loop"
              : "read a part such as i:i+BN");
    }
    throw SemanticError.at(place, FrontEndCode.NOT_CONSTANT, "the length of this slice is not known at compile time",
        "write it as start:start+BN with a constant BN");
  }

  // ---- rectangles ----

  private Value.TensorSlice rectangle(Value.Tensor tensor, List<Index> indices) {
    List<Ssa> offsets = new ArrayList<>();
    List<Integer> dimensions = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    for (Index index : indices) {
      switch (index) {
        case Single(Ssa at) -> offsets.add(at);
        case Run(Ssa from, long length) -> {
          dimensions.add(offsets.size());
          extents.add(length);
          offsets.add(from);
        }
        case Chosen _ -> throw new IllegalStateException("a rectangle has no chosen elements");
      }
    }
    return new Value.TensorSlice(tensor, offsets, dimensions, checked(tensor, extents));
  }

  private List<Integer> checked(Value.Tensor tensor, List<Long> extents) {
    return session.shapes.checked(extents, "the part of '" + tensor.name() + "'");
  }

  /// The same places, one by one.
  Value.IndexedPart indexed(Value.Part part) {
    return switch (part) {
      case Value.IndexedPart known -> known;
      case Value.TensorSlice(Value.Tensor tensor, List<Ssa> offsets, List<Integer> dimensions, List<Integer> shape) -> {
        List<Index> indices = new ArrayList<>();
        for (int i = 0; i < offsets.size(); i++) {
          int kept = dimensions.indexOf(i);
          indices.add(kept < 0 ? new Single(offsets.get(i)) : new Run(offsets.get(i), shape.get(kept)));
        }
        yield elements(tensor, indices);
      }
    };
  }

  // ---- chosen elements ----

  /// Tiles of indices stretch to one shape, which stands where they stand among the slices.
  private Value.IndexedPart elements(Value.Tensor tensor, List<Index> indices) {
    List<Integer> together = List.of();
    int first = -1;
    int last = -1;
    for (int i = 0; i < indices.size(); i++) {
      if (indices.get(i) instanceof Chosen(Ssa tile, Place place)) {
        writer.at(place);
        together = session.shapes.meet(together, tile.shape());
        first = first < 0 ? i : first;
        last = i;
      }
    }
    List<Long> extents = new ArrayList<>();
    int[] axes = new int[indices.size()];
    int chosenAxis = 0;
    for (int i = 0; i < indices.size(); i++) {
      axes[i] = extents.size();
      if (indices.get(i) instanceof Run(_, long length)) {
        if (i > first && i < last) {
          throw SemanticError.at(((Chosen) indices.get(last)).place(), FrontEndCode.MEMORY,
              "a slice stands between the tiles of indices of '" + tensor.name() + "', which choose elements together",
              "write start + arange(BN) with new axes, such as (start + arange(BN))[None, :], instead of the slice");
        }
        extents.add(length);
      } else if (i == first) {
        chosenAxis = extents.size();
        together.forEach(size -> extents.add((long) size));
      }
    }
    return address(tensor, indices, axes, chosenAxis, together.size(), checked(tensor, extents));
  }

  private Value.IndexedPart address(
      Value.Tensor tensor, List<Index> indices, int[] axes, int chosenAxis, int chosenRank, List<Integer> shape) {
    Ssa base = tensor.base();
    Ssa offsets = null;
    Ssa mask = null;
    for (int i = 0; i < indices.size(); i++) {
      Ssa stride = tensor.strides().get(i);
      Ssa size = tensor.extents().get(i);
      Ssa along = null;
      Ssa inside;
      switch (indices.get(i)) {
        case Single(Ssa at) -> {
          base = moved(base, at, stride);
          inside = inside(at, 1, size) ? null : writer.compare(Predicate.ULT, at, size);
        }
        case Run(Ssa from, long length) -> {
          base = moved(base, from, stride);
          Ssa steps = writer.fresh(new ValueType.Tile(ElementType.I64, List.of((int) length)));
          writer.add(new TileOp.Arange(writer.place(), steps, 0));
          Ssa placed = placed(steps, axes[i], shape);
          along = scaled(placed, stride);
          Ssa position = sum(placed, writer.splat(from, placed.shape()));
          inside = inside(from, length, size) ? null
              : writer.compare(Predicate.ULT, position, writer.splat(size, placed.shape()));
        }
        case Chosen(Ssa tile, _) -> {
          List<Integer> around = new ArrayList<>(Collections.nCopies(chosenRank - tile.shape().size(), 1));
          around.addAll(tile.shape());
          around.addAll(Collections.nCopies(shape.size() - chosenAxis - chosenRank, 1));
          Ssa placed = writer.reshape(tile, around);
          along = scaled(placed, stride);
          inside = writer.compare(Predicate.ULT, placed, writer.splat(size, placed.shape()));
        }
      }
      offsets = along == null ? offsets : offsets == null ? along : met(Elementwise.ADDI, offsets, along);
      mask = inside == null ? mask : mask == null ? inside : met(Elementwise.ANDI, mask, inside);
    }
    Ssa all = offsets == null ? writer.integer(ProgramWriter.I64, 0) : session.shapes.stretch(offsets, shape);
    return new Value.IndexedPart(tensor, base, all, mask == null ? null : session.shapes.stretch(mask, shape), shape);
  }

  /// A tile of rank 1 along one dimension of `shape`.
  private Ssa placed(Ssa row, int axis, List<Integer> shape) {
    List<Integer> around = new ArrayList<>(Collections.nCopies(shape.size(), 1));
    around.set(axis, row.shape().getFirst());
    return writer.reshape(row, around);
  }

  private Ssa moved(Ssa base, Ssa index, Ssa stride) {
    Polynomial known = writer.known(index);
    return known != null && known.isNumber() && known.asNumber() == 0 ? base
        : writer.movePointer(base, isOne(stride) ? index : writer.compute(Elementwise.MULI, ProgramWriter.I64, index, stride));
  }

  private Ssa scaled(Ssa index, Ssa stride) {
    return isOne(stride) ? index
        : writer.compute(Elementwise.MULI, index.type(), index, writer.splat(stride, index.shape()));
  }

  private boolean isOne(Ssa scalar) {
    Polynomial known = writer.known(scalar);
    return known != null && known.isNumber() && known.asNumber() == 1;
  }

  private Ssa sum(Ssa left, Ssa right) {
    return writer.compute(Elementwise.ADDI, left.type(), left, right);
  }

  private Ssa met(Elementwise operation, Ssa left, Ssa right) {
    List<Integer> shape = session.shapes.meet(left.shape(), right.shape());
    Ssa a = session.shapes.stretch(left, shape);
    return writer.compute(operation, a.type(), a, session.shapes.stretch(right, shape));
  }

  /// Whether `from` up to `from + length` surely lie below `size` and none is negative.
  private boolean inside(Ssa from, long length, Ssa size) {
    Polynomial start = writer.known(from);
    Polynomial end = writer.known(size);
    return start != null && start.isNumber() && start.asNumber() >= 0
        && end != null && end.isNumber() && end.asNumber() >= start.asNumber() + length;
  }
}
