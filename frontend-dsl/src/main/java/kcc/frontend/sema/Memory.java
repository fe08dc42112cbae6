// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;
import kcc.frontend.syntax.Expression;

/// Reading and writing: parts of tensors, pointers with masks, atomic updates.
final class Memory {
  private final Session session;
  private final ProgramWriter writer;
  private final TensorParts parts;

  Memory(Session session) {
    this.session = session;
    this.writer = session.writer;
    this.parts = new TensorParts(session);
  }

  /// A bool is one bit as a value and one byte in memory.
  static ElementType stored(ElementType element) {
    return element == ElementType.BOOL ? ElementType.U8 : element;
  }

  // ---- parts of tensors ----

  Value.Part part(Value.Tensor tensor, List<Expression> indices, Scope scope, Place place) {
    return parts.part(tensor, indices, scope, place);
  }

  Ssa read(Value.Part part) {
    return read(part, Value.NONE_VALUE, Value.NONE_VALUE, CacheHint.DEFAULT);
  }

  /// `mask` and `other` may be None.
  Ssa read(Value.Part part, Value mask, Value other, CacheHint cache) {
    ElementType element = part.tensor().view().element();
    if (part instanceof Value.TensorSlice slice && isNone(mask)) {
      requireNoFiller(other);
      Ssa result = writer.fresh(ValueType.of(stored(element), slice.shape()));
      writer.add(new TileOp.LoadTile(
          writer.place(), result, slice.tensor().view(), slice.offsets(), slice.dimensions(), cache));
      return session.conversions.convert(result, element);
    }
    Value.IndexedPart indexed = parts.indexed(part);
    Ssa bits = both(indexed.mask(), mask(mask, indexed.shape()));
    if (bits == null) {
      requireNoFiller(other);
    }
    return load(new Address(indexed.base(), indexed.offsets()), element, bits, other, cache);
  }

  void write(Value.Part part, Value value) {
    write(part, value, Value.NONE_VALUE, CacheHint.DEFAULT);
  }

  void write(Value.Part part, Value value, Value mask, CacheHint cache) {
    ElementType element = part.tensor().view().element();
    Ssa data = data(value, element, part.shape(), describe(part));
    if (part instanceof Value.TensorSlice slice && isNone(mask)) {
      writer.add(new TileOp.StoreTile(
          writer.place(), data, slice.tensor().view(), slice.offsets(), slice.dimensions(), cache));
      return;
    }
    Value.IndexedPart indexed = parts.indexed(part);
    writer.add(new TileOp.Store(writer.place(), data, indexed.base(), indexed.offsets(),
        both(indexed.mask(), mask(mask, indexed.shape())), cache));
  }

  private static String describe(Value.Part part) {
    return "the part of '" + part.tensor().name() + "'";
  }

  private static boolean isNone(Value value) {
    return value == null || value instanceof Value.Constant constant && constant.isNone();
  }

  /// Both masks; null stands for true everywhere.
  private Ssa both(Ssa left, Ssa right) {
    return left == null ? right : right == null ? left : writer.compute(Elementwise.ANDI, left.type(), left, right);
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
    if (isNone(mask)) {
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
    if (bits == null) {
      requireNoFiller(other);
    }
    return new Value.Runtime(load(address, element, bits, other, cache));
  }

  private void requireNoFiller(Value other) {
    if (!isNone(other)) {
      throw SemanticError.at(writer.place(), FrontEndCode.MEMORY, "'other' has no meaning without 'mask'");
    }
  }

  private Ssa load(Address address, ElementType element, Ssa mask, Value other, CacheHint cache) {
    List<Integer> shape = address.offsets().shape();
    Ssa filler = isNone(other) ? null : data(other, element, shape, "the result of 'load'");
    Ssa result = writer.fresh(ValueType.of(stored(element), shape));
    writer.add(new TileOp.Load(writer.place(), result, address.base(), address.offsets(), mask, filler, cache));
    return session.conversions.convert(result, element);
  }

  void store(Value pointer, Value value, Value mask, CacheHint cache) {
    Address address = address(pointer, "store");
    List<Integer> shape = address.offsets().shape();
    Ssa data = data(value, address.base().element(), shape, "memory");
    writer.add(new TileOp.Store(writer.place(), data, address.base(), address.offsets(), mask(mask, shape), cache));
  }

  /// Gives the old values; of slices of tensors, which have none, None.
  Value atomic(String name, AtomicFamily family, Value target, Value value, Value mask, int order, int scope) {
    if (target instanceof Value.TensorSlice slice && isNone(mask)) {
      ElementType element = slice.tensor().view().element();
      Ssa data = data(value, element, slice.shape(), describe(slice));
      writer.add(new TileOp.AtomicTile(writer.place(), family.kindFor(element, name, writer.place()), data,
          slice.tensor().view(), slice.offsets(), slice.dimensions()));
      return Value.NONE_VALUE;
    }
    if (target instanceof Value.Part part) {
      Value.IndexedPart indexed = parts.indexed(part);
      return update(name, family, new Address(indexed.base(), indexed.offsets()), value,
          both(indexed.mask(), mask(mask, indexed.shape())), order, scope);
    }
    Address address = address(target, name);
    return update(name, family, address, value, mask(mask, address.offsets().shape()), order, scope);
  }

  private Value update(
      String name, AtomicFamily family, Address address, Value value, Ssa mask, int order, int scope) {
    ElementType element = address.base().element();
    List<Integer> shape = address.offsets().shape();
    AtomicKind kind = family.kindFor(element, name, writer.place());
    Ssa data = data(value, element, shape, "memory");
    Ssa result = writer.fresh(ValueType.of(element, shape));
    writer.add(new TileOp.AtomicUpdate(writer.place(), result, kind, data, address.base(), address.offsets(),
        mask, order, scope));
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
