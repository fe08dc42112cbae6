// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;

/// The part of an access to a view that is the same for all elements of its tile, as 64-bit scalars.
final class UniformAddress {
  private final OpBuilder builder;
  private final ViewAccess access;
  private final AxisAnalysis integers;
  private final Type i64;
  private final Type i32;
  private final Type i1;

  UniformAddress(OpBuilder builder, ViewAccess access, AxisAnalysis integers) {
    this.builder = builder;
    this.access = access;
    this.integers = integers;
    this.i64 = Types.i(access.op().context(), 64);
    this.i32 = Types.i(access.op().context(), 32);
    this.i1 = Types.i(access.op().context(), 1);
  }

  /// The pointer to the tile's first element: the view's, moved by the sum of offset times stride.
  Value base() {
    Value start = null;
    for (int d = 0; d < access.rank(); d++) {
      if (Scalars.isConstant(access.offsets().get(d), 0)) {
        continue;
      }
      Value term = Scalars.multiply(builder, access.offsets().get(d), access.strides().get(d));
      start = start == null ? term : builder.create("arith.addi").operands(start, term).result(i64).value();
    }
    Value moved = start == null ? builder.constant(i64, 0) : start;
    return builder.create("kcc.add_ptr").operands(access.base(), moved).result(access.base().type()).value();
  }

  /// Dimensions that the tile does not run along are at one offset, which has to lie inside too; null where that
  /// provably always holds.
  Value isInsideOfOtherDimensions() {
    Value inside = null;
    for (int d = 0; d < access.rank(); d++) {
      if (!access.dims().contains(d)) {
        inside = both(inside, isInside(d));
      }
    }
    return inside;
  }

  /// Whether the offset in a dimension is one of the view's; null where it provably always is.
  private Value isInside(int dimension) {
    Value offset = access.offsets().get(dimension);
    Value size = access.sizes().get(dimension);
    Value inside = isNonNegative(offset) ? null : Scalars.compare(builder, "sge", offset, builder.constant(i64, 0));
    return Scalars.isBelow(offset, size) ? inside : both(inside, Scalars.compare(builder, "slt", offset, size));
  }

  /// How many elements from the tile's start on lie inside of the view along an axis of the tile, at most its size; 0
  /// where the condition, if there is one, is false. 32 bits wide.
  Value left(int axis, Value condition) {
    int d = access.dims().get(axis);
    Value left = builder.create("arith.subi").operands(access.sizes().get(d), access.offsets().get(d)).result(i64).value();
    return clamp(left, access.shape().get(axis), condition);
  }

  /// As [#isInsideOfOtherDimensions()], of all dimensions of the view but one.
  Value isInsideAt(int besides) {
    Value inside = null;
    for (int d = 0; d < access.rank(); d++) {
      if (d != besides) {
        inside = both(inside, isInside(d));
      }
    }
    return inside;
  }

  /// How many elements of an axis of the tile lie before the view's first, at most its size.
  Value before(int axis) {
    Value offset = access.offsets().get(access.dims().get(axis));
    Value before = builder.create("arith.subi").operands(builder.constant(i64, 0), offset).result(i64).value();
    return clamp(before, access.shape().get(axis), null);
  }

  boolean isNonNegative(Value offset) {
    return integers.facts(offset).range().isNonNegative();
  }

  /// `value` limited to [0, extent] as 32 bits, and 0 where the condition is false.
  private Value clamp(Value value, long extent, Value condition) {
    Value zero = builder.constant(i64, 0);
    Value low = builder.create("arith.maxsi").operands(value, zero).result(i64).value();
    Value both = builder.create("arith.minsi").operands(low, builder.constant(i64, extent)).result(i64).value();
    if (condition != null) {
      both = builder.create("arith.select").operands(condition, both, zero).result(i64).value();
    }
    return builder.create("arith.trunci").operand(both).result(i32).value();
  }

  private Value both(Value left, Value right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return builder.create("arith.andi").operands(left, right).result(i1).value();
  }
}
