// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.placement.MatrixTypes;
import kcc.scheduler.machine.Machine;

/// A `linalg.matmul` whose factors are read from buffers by the matrix unit of a warp group.
///
/// @param a where the first factor is loaded, a `kcc.load_tile`
/// @param b the same of the second
record AsyncProduct(Operation product, Operation a, boolean isATransposed, Operation b, boolean isBTransposed) {

  /// A product, or why it is none for warp groups.
  sealed interface Answer {
    record Yes(AsyncProduct product) implements Answer {}

    record No(String why) implements Answer {}
  }

  /// Bits of the only elements that matrix units read transposed (PTX ISA, wgmma.mma_async: imm-trans-a, imm-trans-b).
  private static final int TRANSPOSED_BITS = 16;

  static Answer of(Operation product, Machine machine) {
    Value a = untransposed(product.operand(0));
    Value b = untransposed(product.operand(1));
    if (!isLoad(a) || !isLoad(b)) {
      return new Answer.No("a factor is no tile as it lies in memory");
    }
    AsyncProduct found = new AsyncProduct(product, a.definingOp(), !a.equals(product.operand(0)),
        b.definingOp(), !b.equals(product.operand(1)));
    if (MatrixTypes.ofWarpGroup(product, machine) == null) {
      return new Answer.No("no matrix instruction of a warp group multiplies %s by %s into %s".formatted(
          product.operand(0).type(), product.operand(1).type(), product.operand(2).type()));
    }
    Type element = TensorType.of(product.operand(0).type()).element();
    if (element.bitWidth() != TRANSPOSED_BITS && (found.isATransposed || !found.isBTransposed)) {
      return new Answer.No("the matrix unit reads elements of %d bits only where neighbours along the depth are neighbours in memory; the %s factor's are not"
          .formatted(element.bitWidth(), found.isATransposed ? "first" : "second"));
    }
    return new Answer.Yes(found);
  }

  private static boolean isLoad(Value value) {
    return value.definingOp() != null && value.definingOp().is("kcc.load_tile");
  }

  private static Value untransposed(Value value) {
    Operation op = value.definingOp();
    return op != null && op.is("linalg.transpose") ? op.operand(0) : value;
  }
}
