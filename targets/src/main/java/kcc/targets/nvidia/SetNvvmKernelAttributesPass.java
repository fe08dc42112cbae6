// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.BoundRegistersPass;

/// Tells ptxas how large a block is: `gpu.known_block_size` becomes `nvvm.reqntid`, from which ptxas derives how many
/// registers a thread can have. `kcc.min_blocks`, how many blocks should run at a time, becomes `nvvm.minctasm`, which
/// leaves each fewer.
///
/// Requires: NVVM. Produces: kernel attributes of NVVM.
public final class SetNvvmKernelAttributesPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-set-nvvm-kernel-attributes", "block size as an attribute of NVVM",
      Set.of("nvvm"), Set.of("machine"), List.of(new Statistic("kernels", "kernels")), List.of(), "llvm.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Attribute block = function.attribute("gpu.known_block_size");
    if (function.hasAttribute("nvvm.kernel") && block != null) {
      // The upstream conversion gives an upper bound; ptxas refuses both.
      function.removeAttribute("nvvm.maxntid");
      function.setAttribute("nvvm.reqntid", block);
      if (function.hasAttribute(BoundRegistersPass.MIN_BLOCKS)) {
        function.setAttribute("nvvm.minctasm", function.attribute(BoundRegistersPass.MIN_BLOCKS));
      }
      context.count("kernels", 1);
    }
  }
}
