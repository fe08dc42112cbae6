// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;

/// Products of 8-bit floats that no matrix instruction of the machine multiplies are products of f16, which has all their
/// values.
///
/// ```
/// %d = linalg.matmul ins(%a, %b : tensor<64x64xf8E4M3FN>, tensor<64x64xf8E5M2>) outs(%c : tensor<64x64xf32>)
/// ```
/// becomes
/// ```
/// %x = arith.extf %a : tensor<64x64xf8E4M3FN> to tensor<64x64xf16>   %y = arith.extf %b : ...
/// %d = linalg.matmul ins(%x, %y : tensor<64x64xf16>, tensor<64x64xf16>) outs(%c : tensor<64x64xf32>)
/// ```
///
/// The matrix units of CDNA 3 know 8-bit floats only with one zero and one NaN (CDNA 3 ISA, MFMA), which are not the
/// language's.
///
/// Requires and produces: tile level. Does not handle integers.
public final class WidenFactorsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-widen-factors",
      "products of 8-bit floats as products of f16 where no matrix instruction has them", Set.of("tile"), Set.of(),
      List.of(new Statistic("products", "products widened")), List.of(), "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Machine machine = context.get(Machine.class);
    function.walk(op -> {
      if ((op.is("linalg.matmul") || op.is("linalg.batch_matmul")) && isWidened(op, machine)) {
        widen(op, 0);
        widen(op, 1);
        context.count("products", 1);
        context.remark(op, "no matrix instruction multiplies factors of these types: they are converted to f16");
      }
    });
  }

  private static boolean isWidened(Operation product, Machine machine) {
    boolean knowsWide = false;
    for (MatrixInstruction instruction : machine.isa().matrixInstructions()) {
      if (MatrixTypes.computes(instruction, product)) {
        return false;
      }
      knowsWide |= instruction.a() == NumericType.F16 && instruction.b() == NumericType.F16;
    }
    return knowsWide && isSmallFloat(product.operand(0)) && isSmallFloat(product.operand(1));
  }

  private static boolean isSmallFloat(Value factor) {
    Type element = TensorType.of(factor.type()).element();
    return element.isFloat() && element.bitWidth() == Byte.SIZE;
  }

  private static void widen(Operation product, int operand) {
    Value factor = product.operand(operand);
    Type f16 = Types.f16(product.context());
    product.setOperand(operand, OpBuilder.before(product).create("arith.extf").operand(factor)
        .result(TensorType.of(factor.type()).withElement(f16).type()).value());
    product.region(0).first().argument(operand).setType(f16);
  }
}
