// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.IntegerRange;

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
    private final UniformAddress uniform;
    private final Type i64;
    private final Type i32;

    Builder(OpBuilder builder, ViewAccess access, AxisAnalysis integers) {
      this.builder = builder;
      this.access = access;
      this.integers = integers;
      this.uniform = new UniformAddress(builder, access, integers);
      this.i64 = Types.i(access.op().context(), 64);
      this.i32 = Types.i(access.op().context(), 32);
    }

    TileAddress build() {
      Value base = uniform.base();
      Value inside = uniform.isInsideOfOtherDimensions();
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

    /// The largest offset within the tile is known when all strides are bounded (by constants or by what launchers
    /// check), and when the only unbounded stride belongs to an axis of size 1 there is nothing to know.
    private boolean offsetsFit32() {
      long last = 0;
      for (int axis = 0; axis < access.shape().size(); axis++) {
        long size = access.shape().get(axis);
        if (size == 1) {
          continue;
        }
        IntegerRange stride = integers.facts(access.strides().get(access.dims().get(axis))).range();
        if (!stride.fits(Integer.SIZE)) {
          return false;
        }
        last += (size - 1) * Math.max(Math.abs(stride.min()), Math.abs(stride.max()));
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
        Value step = element.equals(i64) ? stride
            : known != null ? builder.constant(element, known)
            : builder.create("arith.trunci").operand(stride).result(element).value();
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
        mask = along(axis, "slt", uniform.left(axis, condition));
      }
      if (!uniform.isNonNegative(offset)) {
        mask = conjunction(mask, along(axis, "sge", uniform.before(axis)));
      }
      return mask;
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

    private Value compare(String predicate, Value left, Value right) {
      return Scalars.compare(builder, predicate, left, right);
    }
  }
}
