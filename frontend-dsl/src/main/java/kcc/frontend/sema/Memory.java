// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.Expression;

/// Reading and writing: parts of tensors, pointers with masks, atomic updates.
final class Memory {
  private final Session session;
  private final ProgramWriter writer;

  Memory(Session session) {
    this.session = session;
    this.writer = session.writer;
  }

  /// A bool is one bit as a value and one byte in memory.
  static ElementType stored(ElementType element) {
    return element == ElementType.BOOL ? ElementType.U8 : element;
  }

  // ---- parts of tensors ----

  Value.TensorSlice slice(Value.Tensor tensor, List<Expression> indices, Scope scope, Place place) {
    List<Expression> given = spread(indices, tensor.sizes().size());
    if (given.size() != tensor.sizes().size()) {
      throw SemanticError.at(place, FrontEndCode.SHAPE, "the tensor '" + tensor.name() + "' has "
          + tensor.sizes().size() + " dimensions, here it has " + given.size() + " indices",
          "write ':' for a whole dimension");
    }
    List<Ssa> offsets = new ArrayList<>();
    List<Integer> dimensions = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Place indexPlace = scope.place(given.get(i).span());
      if (given.get(i) instanceof Expression.Slice slice) {
        dimensions.add(i);
        extents.add(extent(tensor, i, slice, scope, indexPlace, offsets));
      } else {
        offsets.add(offset(tensor, i, session.evaluator.evaluate(given.get(i), scope), indexPlace));
      }
    }
    writer.at(place);
    List<Integer> shape = session.shapes.checked(extents, "the part of '" + tensor.name() + "'");
    return new Value.TensorSlice(tensor, offsets, dimensions, shape);
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

  private Ssa offset(Value.Tensor tensor, int dimension, Value value, Place place) {
    writer.at(place);
    if (value instanceof Value.Runtime(Ssa ssa) && ssa.type() instanceof ValueType.Tile) {
      throw SemanticError.at(place, FrontEndCode.MEMORY, "a tile of indices cannot index the tensor '" + tensor.name()
          + "' (dimension " + dimension + ")", "take the tensor as a Pointer and write load(p + offsets, mask=...)");
    }
    if (value instanceof Value.Constant(BigInteger integer) && integer.signum() < 0) {
      throw SemanticError.at(place, FrontEndCode.MEMORY, "the index " + integer
          + " lies outside of the tensor: negative indices do not count from the end", null);
    }
    session.arithmetic.requireArithmetic("[...]", value);
    if (!session.arithmetic.elementOf(value).isInteger()) {
      throw SemanticError.at(place, FrontEndCode.TYPE, "a tensor is indexed with integers, not with "
          + Arithmetic.describe(value));
    }
    if (value instanceof Value.Constant(Object number)) {
      return session.conversions.materialize(number, ProgramWriter.I64);
    }
    return session.conversions.convert(((Value.Runtime) value).ssa(), ElementType.I64);
  }

  private long extent(
      Value.Tensor tensor, int dimension, Expression.Slice slice, Scope scope, Place place, List<Ssa> offsets) {
    if (slice.step() != null) {
      throw SemanticError.at(scope.place(slice.step().span()), FrontEndCode.MEMORY, "slices of tensors have no step",
          "take the tensor as a Pointer and write load(p + offsets, mask=...)");
    }
    Value lower = slice.lower() == null ? Value.Constant.of(0) : session.evaluator.evaluate(slice.lower(), scope);
    Ssa from = offset(tensor, dimension, lower, place);
    offsets.add(from);
    Value upper = slice.upper() == null ? tensor.sizes().get(dimension) : session.evaluator.evaluate(slice.upper(), scope);
    Ssa to = offset(tensor, dimension, upper, place);
    Polynomial start = writer.known(from);
    Polynomial end = writer.known(to);
    Polynomial length = start == null || end == null ? null : end.minus(start);
    if (length != null && length.isNumber()) {
      if (length.asNumber() <= 0) {
        throw SemanticError.at(place, FrontEndCode.SHAPE, "this slice is empty: it has " + length.asNumber() + " elements");
      }
      return length.asNumber();
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

  Ssa read(Value.TensorSlice slice) {
    return read(slice, CacheHint.DEFAULT);
  }

  Ssa read(Value.TensorSlice slice, CacheHint cache) {
    ElementType element = slice.tensor().view().element();
    Ssa result = writer.fresh(ValueType.of(stored(element), slice.extents()));
    writer.add(new TileOp.LoadTile(
        writer.place(), result, slice.tensor().view(), slice.offsets(), slice.dimensions(), cache));
    return session.conversions.convert(result, element);
  }

  void write(Value.TensorSlice slice, Value value) {
    write(slice, value, CacheHint.DEFAULT);
  }

  void write(Value.TensorSlice slice, Value value, CacheHint cache) {
    ElementType element = slice.tensor().view().element();
    Ssa data = data(value, element, slice.extents(), "the part of '" + slice.tensor().name() + "'");
    writer.add(new TileOp.StoreTile(
        writer.place(), data, slice.tensor().view(), slice.offsets(), slice.dimensions(), cache));
  }

  /// The value in the element type of memory and stretched to the shape that is written.
  private Ssa data(Value value, ElementType element, List<Integer> shape, String target) {
    session.arithmetic.requireArithmetic("=", value);
    if (value instanceof Value.Constant(Object number)) {
      Object checked = element.isFloating() || !(number instanceof Double) ? number : null;
      if (checked == null) {
        throw SemanticError.at(writer.place(), FrontEndCode.TYPE, PythonNumbers.text(number) + " cannot be written to "
            + target + ", which holds " + element);
      }
      Ssa converted = session.conversions.materialize(number, ValueType.of(element, shape));
      return session.conversions.convert(converted, stored(element));
    }
    Ssa ssa = ((Value.Runtime) value).ssa();
    if (session.nativeSpelling && ssa.element().isFloating() && !element.isFloating()) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "a value of " + ssa.element() + " cannot be written to "
          + target + ", which holds " + element, "say how to round: convert with .to(" + element + ")");
    }
    List<Integer> met = session.shapes.meet(ssa.shape(), shape);
    if (!met.equals(shape)) {
      throw SemanticError.at(writer.place(), FrontEndCode.SHAPE, "a tile of shape " + ssa.shape()
          + " does not fit into " + target + " of shape " + shape);
    }
    Ssa converted = session.conversions.convert(session.conversions.convert(ssa, element), stored(element));
    return session.shapes.stretch(converted, shape);
  }

  // ---- pointers ----

  /// A pointer with its offsets: those of a single pointer are a scalar zero.
  private record Address(Ssa base, Ssa offsets) {}

  private Address address(Value pointer, String what) {
    return switch (pointer) {
      case Value.Pointer(Ssa base) -> new Address(base, writer.integer(ProgramWriter.I32, 0));
      case Value.PointerTile(Ssa base, Ssa offsets) -> new Address(base, offsets);
      default -> throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "'" + what + "' needs a pointer, not "
          + Arithmetic.describe(pointer), pointer instanceof Value.Tensor tensor
              ? "parts of tensors are read as " + tensor.name() + "[i:i+BM, j:j+BN]" : null);
    };
  }

  /// Null for no mask.
  private Ssa mask(Value mask, List<Integer> shape) {
    if (mask == null || mask instanceof Value.Constant constant && constant.isNone()) {
      return null;
    }
    session.arithmetic.requireArithmetic("mask", mask);
    if (mask instanceof Value.Constant(Object constant)) {
      return session.conversions.materialize(PythonNumbers.truth(constant), ValueType.of(ElementType.BOOL, shape));
    }
    Ssa bits = session.conversions.convert(((Value.Runtime) mask).ssa(), ElementType.BOOL);
    List<Integer> met = session.shapes.meet(bits.shape(), shape);
    if (!met.equals(shape)) {
      throw SemanticError.at(writer.place(), FrontEndCode.SHAPE, "a mask of shape " + bits.shape()
          + " does not fit pointers of shape " + shape);
    }
    return session.shapes.stretch(bits, shape);
  }

  Value load(Value pointer, Value mask, Value other, CacheHint cache) {
    Address address = address(pointer, "load");
    ElementType element = address.base().element();
    List<Integer> shape = address.offsets().shape();
    Ssa bits = mask(mask, shape);
    boolean hasOther = !(other instanceof Value.Constant constant && constant.isNone());
    if (hasOther && bits == null) {
      throw SemanticError.at(writer.place(), FrontEndCode.MEMORY, "'other' has no meaning without 'mask'");
    }
    Ssa filler = hasOther ? data(other, element, shape, "the result of 'load'") : null;
    Ssa result = writer.fresh(ValueType.of(stored(element), shape));
    writer.add(new TileOp.Load(writer.place(), result, address.base(), address.offsets(), bits, filler, cache));
    return new Value.Runtime(session.conversions.convert(result, element));
  }

  void store(Value pointer, Value value, Value mask, CacheHint cache) {
    Address address = address(pointer, "store");
    List<Integer> shape = address.offsets().shape();
    Ssa data = data(value, address.base().element(), shape, "memory");
    writer.add(new TileOp.Store(writer.place(), data, address.base(), address.offsets(), mask(mask, shape), cache));
  }

  /// Gives the old values; of parts of tensors, which have none, None.
  Value atomic(String name, AtomicFamily family, Value target, Value value, Value mask, int order, int scope) {
    if (target instanceof Value.TensorSlice slice) {
      ElementType element = slice.tensor().view().element();
      Ssa data = data(value, element, slice.extents(), "the part of '" + slice.tensor().name() + "'");
      if (!(mask instanceof Value.Constant constant && constant.isNone())) {
        throw SemanticError.at(writer.place(), FrontEndCode.MEMORY, "'" + name + "' on a part of a tensor takes no mask: "
            + "elements outside of the tensor are left alone", null);
      }
      writer.add(new TileOp.AtomicTile(writer.place(), family.kindFor(element, name, writer.place()), data,
          slice.tensor().view(), slice.offsets(), slice.dimensions()));
      return Value.NONE_VALUE;
    }
    Address address = address(target, name);
    ElementType element = address.base().element();
    List<Integer> shape = address.offsets().shape();
    AtomicKind kind = family.kindFor(element, name, writer.place());
    Ssa data = data(value, element, shape, "memory");
    Ssa result = writer.fresh(ValueType.of(element, shape));
    writer.add(new TileOp.AtomicUpdate(writer.place(), result, kind, data, address.base(), address.offsets(),
        mask(mask, shape), order, scope));
    return new Value.Runtime(result);
  }

  Value compareSwap(Value target, Value compare, Value value, int order, int scope) {
    Address address = address(target, "atomic_cas");
    ElementType element = address.base().element();
    List<Integer> shape = address.offsets().shape();
    Ssa expected = data(compare, element, shape, "memory");
    Ssa data = data(value, element, shape, "memory");
    Ssa result = writer.fresh(ValueType.of(element, shape));
    writer.add(new TileOp.AtomicCompareSwap(
        writer.place(), result, expected, data, address.base(), address.offsets(), order, scope));
    return new Value.Runtime(result);
  }
}
