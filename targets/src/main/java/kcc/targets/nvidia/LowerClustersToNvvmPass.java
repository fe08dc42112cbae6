// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.LlvmBuilder;

/// Barriers of a cluster and addresses in other blocks' shared memory become LLVM's intrinsics for PTX.
///
/// ```mlir
/// kcc.cluster_arrive
/// kcc.cluster_wait
/// %r = kcc.map_shared %p, %block : !llvm.ptr<3> -> !llvm.ptr<7>
/// ```
/// becomes `barrier.cluster.arrive.aligned` (releasing), `barrier.cluster.wait.aligned` (acquiring) and
/// `mapa.shared::cluster`. Blocks come to these barriers with whole warps, as to `gpu.barrier`.
///
/// Requires: fragment level. Produces: no operations of kcc on clusters.
public final class LowerClustersToNvvmPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-clusters-to-nvvm",
      "barriers of a cluster and shared memory of its other blocks as NVVM intrinsics", Set.of("fragments"),
      Set.of("nvvm-clusters"), List.of(new Statistic("barriers", "waits for all blocks of a cluster")), List.of(),
      "gpu.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    for (Operation op : function.find("kcc.map_shared")) {
      op.replaceWith(LlvmBuilder.before(op).intrinsic("llvm.nvvm.mapa.shared.cluster", op.result().type(), op.operands()));
    }
    for (Operation op : function.find("kcc.cluster_arrive")) {
      LlvmBuilder.before(op).intrinsic("llvm.nvvm.barrier.cluster.arrive.aligned", List.of(), List.of());
      op.erase();
    }
    for (Operation op : function.find("kcc.cluster_wait")) {
      LlvmBuilder.before(op).intrinsic("llvm.nvvm.barrier.cluster.wait.aligned", List.of(), List.of());
      op.erase();
      context.count("barriers", 1);
    }
  }
}
