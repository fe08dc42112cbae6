// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// One access to a view, taken apart: what is read or written where.
///
/// @param op the access
/// @param base first element of the view
/// @param sizes size of each dimension of the view, in elements
/// @param strides stride of each dimension of the view, in elements
/// @param offsets start of the tile in each dimension of the view
/// @param dims the view's dimension behind each dimension of the tile
/// @param shape sizes of the tile; empty for a scalar
public record ViewAccess(
    Operation op,
    Value base,
    List<Value> sizes,
    List<Value> strides,
    List<Value> offsets,
    List<Integer> dims,
    List<Long> shape) {

  public static boolean isViewAccess(Operation op) {
    return op.is("kcc.load_tile") || op.is("kcc.store_tile") || op.is("kcc.atomic_tile");
  }

  /// Position of the view among the operands: a load has no value before it.
  public static int viewOperand(Operation op) {
    return op.is("kcc.load_tile") ? 0 : 1;
  }

  /// Null where the view is chosen at run time.
  public static ViewAccess of(Operation op) {
    Operation view = op.operand(viewOperand(op)).definingOp();
    if (view == null || !view.is("kcc.view")) {
      return null;
    }
    int rank = (view.operands().size() - 1) / 2;
    List<Integer> dims = new ArrayList<>();
    for (long dim : op.attribute("dims").asLongs()) {
      dims.add(Math.toIntExact(dim));
    }
    Type type = op.is("kcc.load_tile") ? op.result().type() : op.operand(0).type();
    return new ViewAccess(
        op,
        view.operand(0),
        view.operands().subList(1, 1 + rank),
        view.operands().subList(1 + rank, 1 + 2 * rank),
        op.operands().subList(viewOperand(op) + 1, op.operands().size()),
        dims,
        type.isTensor() ? TensorType.of(type).shape() : List.of());
  }

  public int rank() {
    return sizes.size();
  }
}
