// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;

/// Where the elements of a tile of a view lie: a uniform pointer, offsets within the tile, and which
/// of them are inside of the view.
///
/// @param base pointer to the tile's first element, moved by the uniform part of the offsets
/// @param offsets element offsets from `base`, in the shape of the tile (a constant 0 for a scalar)
/// @param mask true inside of the view, or null where the whole tile provably is
record TileAddress(Value base, Value offsets, Value mask) {

  static TileAddress build(OpBuilder builder, ViewAccess access, AxisAnalysis integers) {
    return new Builder(builder, access, integers).build();
  }

  private static final class Builder {
    private final OpBuilder builder;
    private final ViewAccess access;
    private final AxisAnalysis integers;
    private final MlirContext context;
    private final Type i64;
    private final Type i32;
    private final Type i1;

    Builder(OpBuilder builder, ViewAccess access, AxisAnalysis integers) {
      this.builder = builder;
      this.access = access;
      this.integers = integers;
      this.context = access.op().context();
      this.i64 = Types.i(context, 64);
      this.i32 = Types.i(context, 32);
      this.i1 = Types.i(context, 1);
    }

    TileAddress build() {
      Value base =
          builder.create("kcc.add_ptr").operands(access.base(), start()).result(access.base().type()).value();
      Value inside = insideOfOtherDimensions();
      if (access.shape().isEmpty()) {
        return new TileAddress(base, builder.constant(i64, 0), inside);
      }
      Type offsetType = offsetsFit32() ? i32 : i64;
      Value offsets = null;
      Value mask = null;
      for (int axis = 0; axis < access.shape().size(); axis++) {
        offsets = sum(offsets, axisOffset(axis, offsetType));
        mask = conjunction(mask, axisMask(axis, inside));
        inside = null; // one axis carries the condition of the others
      }
      return new TileAddress(base, offsets, mask);
    }

    /// Element offset of the tile's first element: the sum of offset times stride.
    private Value start() {
      Value start = null;
      for (int d = 0; d < access.rank(); d++) {
        if (Scalars.isConstant(access.offsets().get(d), 0)) {
          continue;
        }
        Value term = Scalars.multiply(builder, access.offsets().get(d), access.strides().get(d));
        start = start == null ? term : builder.create("arith.addi").operands(start, term).result(i64).value();
      }
      return start == null ? builder.constant(i64, 0) : start;
    }

    /// Dimensions that the tile does not run along are at one offset, which has to lie inside too.
    private Value insideOfOtherDimensions() {
      Value inside = null;
      for (int d = 0; d < access.rank(); d++) {
        if (access.dims().contains(d)) {
          continue;
        }
        Value offset = access.offsets().get(d);
        Value size = access.sizes().get(d);
        if (!isNonNegative(offset)) {
          inside = both(inside, compare("sge", offset, builder.constant(i64, 0)));
        }
        if (!Scalars.isBelow(offset, size)) {
          inside = both(inside, compare("slt", offset, size));
        }
      }
      return inside;
    }

    /// The largest offset within the tile is known when all strides are, and when the only unknown
    /// stride belongs to an axis of size 1 there is nothing to know.
    private boolean offsetsFit32() {
      long last = 0;
      for (int axis = 0; axis < access.shape().size(); axis++) {
        long size = access.shape().get(axis);
        Long stride = Scalars.constant(access.strides().get(access.dims().get(axis)));
        if (size == 1) {
          continue;
        }
        if (stride == null || Math.abs(stride) > Integer.MAX_VALUE) {
          return false;
        }
        last += (size - 1) * Math.abs(stride);
      }
      return last <= Integer.MAX_VALUE;
    }

    private Value axisOffset(int axis, Type element) {
      Value stride = access.strides().get(access.dims().get(axis));
      long size = access.shape().get(axis);
      Value index = arange(size, element);
      Value scaled = index;
      if (size > 1 && !Scalars.isConstant(stride, 1)) {
        Long known = Scalars.constant(stride);
        Value step = element.equals(i64) || known == null ? stride : builder.constant(element, known);
        scaled =
            builder.create("arith.muli")
                .operands(index, splat(step, index.type()))
                .result(index.type())
                .value();
      }
      return alongAxis(scaled, axis);
    }

    /// True where `0 <= offset + i < size`; null where that provably always holds.
    private Value axisMask(int axis, Value condition) {
      int d = access.dims().get(axis);
      long extent = access.shape().get(axis);
      Value offset = access.offsets().get(d);
      Value mask = null;
      if (condition != null || !Scalars.isBelow(offset, extent, access.sizes().get(d))) {
        Value left = builder.create("arith.subi").operands(access.sizes().get(d), offset).result(i64).value();
        mask = along(axis, "slt", clamp(left, extent, condition));
      }
      if (!isNonNegative(offset)) {
        Value zero = builder.constant(i64, 0);
        Value before = builder.create("arith.subi").operands(zero, offset).result(i64).value();
        mask = conjunction(mask, along(axis, "sge", clamp(before, extent, null)));
      }
      return mask;
    }

    /// `value` limited to [0, extent] as 32 bits, and 0 where the condition is false.
    private Value clamp(Value value, long extent, Value condition) {
      Value zero = builder.constant(i64, 0);
      Value low = builder.create("arith.maxsi").operands(value, zero).result(i64).value();
      Value both =
          builder.create("arith.minsi").operands(low, builder.constant(i64, extent)).result(i64).value();
      if (condition != null) {
        both = builder.create("arith.select").operands(condition, both, zero).result(i64).value();
      }
      return builder.create("arith.trunci").operand(both).result(i32).value();
    }

    /// Compares the index along an axis with a uniform bound.
    private Value along(int axis, String predicate, Value bound) {
      Value index = arange(access.shape().get(axis), i32);
      Value mask = compare(predicate, index, splat(bound, index.type()));
      return alongAxis(mask, axis);
    }

    private Value arange(long size, Type element) {
      return builder.create("kcc.arange").result(Types.tensor(List.of(size), element)).value();
    }

    private Value splat(Value scalar, Type type) {
      return builder.create("tensor.splat").operand(scalar).result(type).value();
    }

    /// A tile of rank 1 as a tile of the access's rank, the same along all other axes.
    private Value alongAxis(Value vector, int axis) {
      int rank = access.shape().size();
      if (rank == 1) {
        return vector;
      }
      Type element = TensorType.of(vector.type()).element();
      List<Long> thin = new ArrayList<>();
      for (int i = 0; i < rank; i++) {
        thin.add(i == axis ? access.shape().get(axis) : 1L);
      }
      Value reshaped =
          builder.create("kcc.reshape").operand(vector).result(Types.tensor(thin, element)).value();
      return builder.create("kcc.broadcast").operand(reshaped).result(Types.tensor(access.shape(), element)).value();
    }

    private Value sum(Value left, Value right) {
      return left == null
          ? right
          : builder.create("arith.addi").operands(left, right).result(left.type()).value();
    }

    private Value conjunction(Value left, Value right) {
      if (left == null || right == null) {
        return left == null ? right : left;
      }
      return builder.create("arith.andi").operands(left, right).result(left.type()).value();
    }

    private Value both(Value left, Value right) {
      return left == null ? right : builder.create("arith.andi").operands(left, right).result(i1).value();
    }

    private boolean isNonNegative(Value offset) {
      return integers.facts(offset).range().isNonNegative();
    }

    private Value compare(String predicate, Value left, Value right) {
      return Scalars.compare(builder, predicate, left, right);
    }
  }
}
