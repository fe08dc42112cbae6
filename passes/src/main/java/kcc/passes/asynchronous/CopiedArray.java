// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.tile.Arguments;
import kcc.passes.tile.Scalars;
import kcc.passes.tile.ViewAccess;
import kcc.scheduler.machine.TensorCopyLimits;

/// An array that the copy engine can describe, as a tile of it is loaded or stored.
///
/// @param argument     the tensor parameter, by its index among the function's arguments
/// @param elementBytes of the tile in memory
record CopiedArray(ViewAccess access, int argument, int elementBytes) {

  /// An array, or why the copy engine cannot describe it.
  sealed interface Answer {
    record Yes(CopiedArray array) implements Answer {}

    record No(String why) implements Answer {}
  }

  /// @param op   a `kcc.load_tile` or `kcc.store_tile`
  /// @param type of what it loads or stores
  static Answer of(Operation op, Type type, Operation function, AxisAnalysis integers, TensorCopyLimits limits) {
    ViewAccess access = ViewAccess.of(op);
    if (access == null || !type.isTensor()) {
      return new Answer.No("it is no tile of a tensor parameter");
    }
    Value base = access.base();
    if (!isWhole(access, function)) {
      return new Answer.No("its view is no whole tensor parameter");
    }
    int rank = access.rank();
    List<Integer> dims = access.dims();
    if (rank > limits.maxRank()) {
      return new Answer.No("the array has rank " + rank + "; the copy engine takes " + limits.maxRank());
    }
    if (dims.size() != 2 || dims.getLast() != rank - 1) {
      return new Answer.No("the rows of the tile are no rows of the array");
    }
    int bits = TensorType.of(type).element().bitWidth();
    int bytes = bits / Byte.SIZE;
    if (bytes == 0) {
      return new Answer.No("its elements have " + bits + " bits");
    }
    if (integers.facts(base).divisor() % limits.globalAlignmentBytes() != 0) {
      return new Answer.No("the array may begin anywhere");
    }
    for (Value stride : access.strides().subList(0, rank - 1)) {
      if (integers.facts(stride).divisor() * bytes % limits.strideAlignmentBytes() != 0) {
        return new Answer.No("rows of the array are not known to be multiples of " + limits.strideAlignmentBytes()
            + " bytes");
      }
    }
    return new Answer.Yes(new CopiedArray(access, base.index(), bytes));
  }

  /// The elements along each dimension of the array of a box with so many of the tile's rows and columns.
  List<Long> box(long rows, long columns) {
    List<Long> box = new ArrayList<>();
    for (int d = 0; d < access.rank(); d++) {
      int inTile = access.dims().indexOf(d);
      box.add(inTile < 0 ? 1L : inTile == 1 ? columns : rows);
    }
    return box;
  }

  /// Whether sizes and strides are those that a launcher takes from the array itself.
  private static boolean isWhole(ViewAccess access, Operation function) {
    Value base = access.base();
    Map<String, Attribute> facts = base.isBlockArgument() ? Arguments.attributes(function, base.index()) : Map.of();
    if (!facts.containsKey("kcc.shape") || !base.ownerBlock().equals(function.region(0).first())) {
      return false;
    }
    List<Attribute> shape = facts.get("kcc.shape").asList();
    if (shape.size() != access.rank()) {
      return false;
    }
    for (int d = 0; d < shape.size(); d++) {
      if (!isSize(access.sizes().get(d), shape.get(d), function) || !isStride(access, d)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSize(Value size, Attribute declared, Operation function) {
    if (!declared.isString()) {
      return Scalars.isConstant(size, declared.asLong());
    }
    return size.isBlockArgument() && size.ownerBlock().equals(function.region(0).first())
        && Arguments.name(function, size.index()).equals(declared.asString());
  }

  /// Whether a stride is the product of the sizes behind its dimension.
  private static boolean isStride(ViewAccess access, int d) {
    Value stride = access.strides().get(d);
    if (d == access.rank() - 1) {
      return Scalars.isConstant(stride, 1);
    }
    if (d == access.rank() - 2) {
      return Scalars.isSame(stride, access.sizes().getLast());
    }
    Value size = access.sizes().get(d + 1);
    Value next = access.strides().get(d + 1);
    Operation product = stride.definingOp();
    return product != null && product.is("arith.muli")
        && (product.operand(0).equals(size) && product.operand(1).equals(next)
            || product.operand(1).equals(size) && product.operand(0).equals(next))
        || isConstantProduct(stride, size, next);
  }

  private static boolean isConstantProduct(Value product, Value first, Value second) {
    Long left = Scalars.constant(first);
    Long right = Scalars.constant(second);
    return left != null && right != null && Scalars.isConstant(product, left * right);
  }
}
