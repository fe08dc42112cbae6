// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Makes tile constants of one value fills, at each use.
///
/// ```mlir
/// %c = arith.constant dense<0.0> : tensor<64x64xf32>
/// // becomes
/// %c = linalg.fill ins(%zero) outs(tensor.empty())
/// ```
/// As constants they would become data in the object and be copied; filled at each use they can be computed in place.
/// Comes after fusion, which takes constants into the operations that read them.
public final class FillConstantsPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-fill-constants",
      "make tile constants of one value fills",
      Set.of("cpu-linalg"),
      Set.of(),
      List.of(new Statistic("fills", "fills made")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    for (Operation constant : function.find("arith.constant")) {
      Attribute splat = constant.attribute("value").splatValue();
      if (splat == null || !constant.result().type().isTensor()) {
        continue;
      }
      Type type = constant.result().type();
      for (Use use : constant.result().uses()) {
        CodeBuilder code = CodeBuilder.before(use.owner());
        Value scalar = code.create("arith.constant").attribute("value", splat).result(type.elementOrSelf()).value();
        use.owner().setOperand(use.operand(), LinalgCode.fill(code, scalar, code.emptyTile(type)));
        context.count("fills", 1);
      }
      constant.erase();
    }
  }
}
