// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Tells LLVM how large a block is and how to use registers, and fixes the version of the code object.
///
/// - The exact size of a block lets LLVM give each wave all registers that this size leaves.
/// - No accumulation registers (`amdgpu-agpr-alloc = 0`): with LLVM 22's default a loop of 36 MFMAs carries 270 moves
///   between the two halves of the register file, and spills (measured on gfx950).
/// - Code object version 5, which every run time since ROCm 6 loads.
///
/// Requires: ROCDL. Produces: kernel attributes of ROCDL.
public final class SetRocdlKernelAttributesPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-set-rocdl-kernel-attributes",
      "block size, register use and code object version as attributes of ROCDL", Set.of("rocdl"), Set.of("machine"),
      List.of(new Statistic("kernels", "kernels")), List.of(), "gpu.module");

  private static final int CODE_OBJECT_VERSION = 500;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    MlirContext mlir = module.context();
    for (Operation function : module.find("llvm.func")) {
      Attribute block = function.attribute("gpu.known_block_size");
      if (function.hasAttribute("rocdl.kernel") && block != null) {
        long threads = block.asLongs().stream().reduce(1L, (x, y) -> x * y);
        function.setAttribute("rocdl.reqd_work_group_size", block);
        function.setAttribute("rocdl.flat_work_group_size", Attributes.string(mlir, threads + "," + threads));
        function.setAttribute("passthrough", mlir.attribute("""
            [["amdgpu-agpr-alloc", "0"], ["uniform-work-group-size", "true"]]"""));
        context.count("kernels", 1);
      }
    }
    OpBuilder.atStart(module.region(0).first()).at(module.location()).create("llvm.module_flags")
        .attribute("flags", mlir.attribute("[#llvm.mlir.module_flag<error, \"amdhsa_code_object_version\", "
            + CODE_OBJECT_VERSION + " : i32>]")).build();
  }
}
