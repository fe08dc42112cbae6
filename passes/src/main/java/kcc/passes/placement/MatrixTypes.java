// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.passes.channel.BufferType;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;

/// Which matrix instructions compute a product, `linalg.matmul` or `kcc.async_matmul`.
public final class MatrixTypes {
  /// On a `kcc.async_matmul`: integer factors have no sign. A `linalg.matmul` says so in its body.
  public static final String UNSIGNED = "kcc.unsigned";

  /// On products: how many may be summed up with fewer bits than the result has; any number without it. A
  /// `kcc.async_matmul` has it only where the unit's sums are coarse.
  public static final String MAX_IMPRECISE = "kcc.max_imprecise";
  /// On a `kcc.async_matmul`: where along the depth of its factors it begins, and how much of it it sums up.
  public static final String PART = "kcc.part";
  /// Columns of one instruction of a product that is summed up in pieces. With more, a thread has no registers left for
  /// sums; with fewer, reading the first factor takes longer than multiplying.
  private static final int COLUMNS_OF_PIECE = 128;

  private MatrixTypes() {}

  /// The instruction of warp groups with the most columns that a product's tile is made of, or null. Numbers of columns
  /// are powers of two, as those of tiles are.
  public static MatrixInstruction ofWarpGroup(Operation product, Machine machine) {
    MatrixInstruction widest = null;
    for (MatrixInstruction candidate : machine.isa().matrixInstructions()) {
      if (candidate.kind() == FragmentKind.WGMMA && computes(candidate, product) && isMadeOf(product, candidate)
          && (!isSummedInPieces(product, candidate) || candidate.n() <= COLUMNS_OF_PIECE)
          && Integer.bitCount(candidate.n()) == 1 && (widest == null || candidate.n() > widest.n())) {
        widest = candidate;
      }
    }
    return widest;
  }

  /// Whether an instruction sums up more coarsely than a product allows: threads add what it has summed up. A product that
  /// is added to nothing is what was summed up.
  public static boolean isSummedInPieces(Operation product, MatrixInstruction instruction) {
    return instruction.sumBits() != null && product.hasAttribute(MAX_IMPRECISE) && !product.operand(2).isZero();
  }

  private static boolean isMadeOf(Operation product, MatrixInstruction instruction) {
    return rows(product) % instruction.m() == 0 && columns(product) % instruction.n() == 0
        && depth(product) % instruction.k() == 0;
  }

  /// Whether an instruction has a product's types.
  static boolean computes(MatrixInstruction instruction, Operation product) {
    return instruction.a() == factor(product, 0) && instruction.b() == factor(product, 1) && sums(instruction, product);
  }

  /// Whether an instruction has a product's types, but keeps all bits of factors that may be rounded.
  static boolean computesExactly(MatrixInstruction instruction, Operation product) {
    return instruction.a() == numeric(product, 0) && instruction.b() == numeric(product, 1) && sums(instruction, product);
  }

  private static boolean sums(MatrixInstruction instruction, Operation product) {
    return instruction.accumulator() == numeric(product, 2);
  }

  private static NumericType factor(Operation product, int operand) {
    NumericType type = numeric(product, operand);
    boolean rounded = product.hasAttribute("kcc.precision") && product.attribute("kcc.precision").asString().equals("tf32");
    return rounded && type == NumericType.F32 ? NumericType.TF32
        : type == NumericType.I8 && isUnsigned(product) ? NumericType.U8 : type;
  }

  private static NumericType numeric(Operation product, int operand) {
    return NumericTypes.of(element(product.operand(operand).type()));
  }

  /// Whether factors are integers without a sign.
  public static boolean isUnsigned(Operation product) {
    return product.hasAttribute(UNSIGNED) || !product.find("arith.extui").isEmpty();
  }

  public static long rows(Operation product) {
    return shape(product.operand(0).type()).getFirst();
  }

  public static long columns(Operation product) {
    return shape(product.operand(1).type()).getLast();
  }

  public static long depth(Operation product) {
    return shape(product.operand(0).type()).getLast();
  }

  private static List<Long> shape(Type factor) {
    return BufferType.is(factor) ? BufferType.of(factor).shape() : TensorType.of(factor).shape();
  }

  private static Type element(Type factor) {
    return BufferType.is(factor) ? BufferType.of(factor).element() : TensorType.of(factor).element();
  }
}
