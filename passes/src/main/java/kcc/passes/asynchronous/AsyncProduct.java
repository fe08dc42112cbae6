// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.WgmmaFragments;
import kcc.passes.placement.MatrixTypes;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;

/// A `linalg.matmul` whose factors are read from buffers by the matrix unit of a warp group.
///
/// @param a what gives the first factor, as it is before it is transposed
/// @param b the same of the second
/// @param instruction of which it is made
record AsyncProduct(Operation product, Operation a, boolean isATransposed, Operation b, boolean isBTransposed,
    MatrixInstruction instruction) {

  /// A product, or why it is none for warp groups.
  sealed interface Answer {
    record Yes(AsyncProduct product) implements Answer {}

    record No(String why) implements Answer {}
  }

  /// Bits of the only elements that matrix units read transposed (PTX ISA, wgmma.mma_async: imm-trans-a, imm-trans-b).
  private static final int TRANSPOSED_BITS = 16;

  private static final int WARP = 32;

  static Answer of(Operation product, Machine machine) {
    Value a = untransposed(product.operand(0));
    Value b = untransposed(product.operand(1));
    if (a.isBlockArgument() || b.isBlockArgument()) {
      return new Answer.No("a factor is carried by a loop");
    }
    MatrixInstruction instruction = MatrixTypes.ofWarpGroup(product, machine);
    if (instruction == null) {
      return new Answer.No("no matrix instruction of a warp group multiplies %s by %s into %s".formatted(
          product.operand(0).type(), product.operand(1).type(), product.operand(2).type()));
    }
    AsyncProduct found = new AsyncProduct(product, a.definingOp(), !a.equals(product.operand(0)),
        b.definingOp(), !b.equals(product.operand(1)), instruction);
    Type element = TensorType.of(product.operand(0).type()).element();
    if (element.bitWidth() != TRANSPOSED_BITS && (found.isATransposed || !found.isBTransposed)) {
      return new Answer.No("the matrix unit reads elements of %d bits only where neighbours along the depth are neighbours in memory; the %s factor's are not"
          .formatted(element.bitWidth(), found.isATransposed ? "first" : "second"));
    }
    if (found.isSummedInPieces() && MatrixTypes.depth(product) > product.attribute(MatrixTypes.MAX_IMPRECISE).asLong()) {
      return new Answer.No("the matrix unit keeps %d bits of sums, and a product of depth %d sums up more than %d at once: make it no deeper"
          .formatted(instruction.sumBits(), MatrixTypes.depth(product), product.attribute(MatrixTypes.MAX_IMPRECISE).asLong()));
    }
    return new Answer.Yes(found);
  }

  /// Whether threads add up what its instructions have summed up, because the matrix unit keeps too few bits.
  boolean isSummedInPieces() {
    return MatrixTypes.isSummedInPieces(product, instruction);
  }

  /// Registers of a thread that hold what one instruction has summed up.
  int pieceRegisters() {
    return instruction.m() * instruction.n() / (WgmmaFragments.WARPS * WARP);
  }

  private static Value untransposed(Value value) {
    Operation op = value.definingOp();
    return op != null && op.is("linalg.transpose") ? op.operand(0) : value;
  }
}
