// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.Set;
import kcc.mlir.pass.PassPipeline;
import kcc.targets.gpu.CallMathIntrinsicsPass;
import kcc.targets.gpu.GpuPipeline;
import kcc.targets.gpu.OrderByStoresPass;
import kcc.targets.gpu.PlaceSharedMemoryPass;

/// The steps from the fragment level to the machine level on NVIDIA GPUs.
public final class NvidiaPipeline {
  private NvidiaPipeline() {}

  public static PassPipeline fragmentsToMachine() {
    return PassPipeline.builder()
        .add(new OrderByStoresPass())
        .addAll(GpuPipeline.arithmetic())
        .add(new IssueLoadsFirstPass())
        .add(new WidenBf16Pass())
        .add(new LowerMemoryToNvvmPass())
        .add(new LowerMmaToNvvmPass())
        .add(new LowerClustersToNvvmPass())
        .add(new GuardProductLoopsPass())
        .add(new LowerChannelsToNvvmPass())
        .add(new LowerAsyncMmaToNvvmPass())
        .add(new LowerGroupsToNvvmPass())
        .add(new PlaceSharedMemoryPass())
        .add(new CollectTensorMapsPass())
        .upstream("gpu.module", "convert-scf-to-cf,convert-vector-to-llvm,convert-arith-to-llvm,arith-expand,convert-math-to-llvm")
        .add(new CallMathIntrinsicsPass())
        // Indices are 64 bits wide: addresses are, and what is known to fit in 32 was made so at higher levels.
        .upstream("gpu.module", "convert-gpu-to-nvvm,convert-nvvm-to-llvm,convert-arith-to-llvm,convert-index-to-llvm,"
            + "reconcile-unrealized-casts,canonicalize,cse", Set.of("nvvm"))
        .add(new SetNvvmKernelAttributesPass())
        .stage("machine", "NVVM: what LLVM translates")
        .build();
  }
}
