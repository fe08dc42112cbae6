// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Takes math that LLVM selects for GPUs past the upstream conversions, which would turn it into calls of device libraries
/// (`__nv_sqrtf`, `__ocml_sqrt_f32`) and refuse it as `llvm.intr.sqrt`.
///
/// ```mlir
/// %y = llvm.intr.sqrt(%x) : (f32) -> f32
/// ```
/// becomes
/// ```mlir
/// %y = llvm.call_intrinsic "llvm.sqrt"(%x) : (f32) -> f32
/// ```
///
/// Requires: math as `llvm.intr` operations. Produces: none of those below.
public final class CallMathIntrinsicsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-call-math-intrinsics", "math of LLVM as calls of intrinsics",
      Set.of("selectable-math"), Set.of("intrinsic-calls"), List.of(new Statistic("calls", "operations that became calls")),
      List.of(), "gpu.module");

  private static final String PREFIX = "llvm.intr.";
  /// What convert-gpu-to-nvvm and convert-gpu-to-rocdl declare illegal, and kin.
  private static final Set<String> FUNCTIONS = Set.of("fabs", "ceil", "floor", "trunc", "rint", "round", "roundeven", "sqrt",
      "exp", "exp2", "exp10", "log", "log2", "log10", "pow", "powi", "sin", "cos", "tan", "tanh", "fma", "copysign");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    List<Operation> found = new ArrayList<>();
    module.walk(op -> {
      String name = op.name();
      if (name.startsWith(PREFIX) && FUNCTIONS.contains(name.substring(PREFIX.length()))) {
        found.add(op);
      }
    });
    for (Operation op : found) {
      rewrite(op);
      context.count("calls", 1);
    }
  }

  private static void rewrite(Operation op) {
    OpSpec call = OpBuilder.before(op).create("llvm.call_intrinsic").operands(op.operands())
        .attribute("intrin", Attributes.string(op.context(), "llvm." + op.name().substring(PREFIX.length())))
        .attribute("op_bundle_sizes", Attributes.denseI32(op.context())).operandSegments(op.operandCount(), 0)
        .result(op.result().type());
    if (op.hasAttribute("fastmathFlags")) {
      call.attribute("fastmathFlags", op.attribute("fastmathFlags"));
    }
    op.replaceWith(call.value());
  }
}
