// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Lets a product and the sum it goes into become one instruction with one rounding instead of two.
///
/// ```text
/// %p = arith.mulf %a, %b fastmath<contract> : f32
/// %s = arith.addf %p, %c fastmath<contract> : f32        // fma(%a, %b, %c) in machine code
/// ```
///
/// The sum is never less accurate, and streaming kernels need the instructions. Nothing else is allowed: sums stay in the
/// order of the program. A product with other uses is left alone: its rounded value would meet the exact one, and
/// `x * y - max(x * y)` would not be 0 for the largest. Only what the user wrote may be fused, so this runs before
/// elementary functions are expanded, whose error bounds count on each operation.
///
/// Requires: fragment level. Produces: the flag on additions, subtractions and products.
public final class AllowContractionPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-allow-contraction", "products may be fused into sums",
      Set.of("fragments"), Set.of("contraction"), List.of(new Statistic("operations", "operations that may be fused")), List.of(),
      "gpu.func");

  private static final List<String> FUSED = List.of("arith.addf", "arith.subf", "arith.mulf");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Attribute contract = function.context().attribute("#arith.fastmath<contract>");
    for (String name : FUSED) {
      for (Operation op : function.find(name)) {
        Attribute flags = op.attribute("fastmath");
        // Whoever has set flags has decided.
        boolean isFree = flags == null || flags.toString().equals("#arith.fastmath<none>");
        if (isFree && (!name.equals("arith.mulf") || op.result().hasOneUse())) {
          op.setAttribute("fastmath", contract);
          context.count("operations", 1);
        }
      }
    }
  }
}
