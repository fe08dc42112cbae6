// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.util.Set;
import kcc.mlir.pass.PassPipeline;
import kcc.scheduler.machine.Machine;
import kcc.targets.gpu.CallMathIntrinsicsPass;
import kcc.targets.gpu.GpuPipeline;
import kcc.targets.gpu.PlaceSharedMemoryPass;

/// The steps from the fragment level to the machine level on AMD GPUs.
public final class AmdPipeline {
  private AmdPipeline() {}

  public static PassPipeline fragmentsToMachine(Machine machine) {
    return PassPipeline.builder()
        .addAll(GpuPipeline.arithmetic())
        .add(new LowerMemoryToRocdlPass())
        .add(new LowerMmaToRocdlPass())
        .add(new LowerGridSizeToRocdlPass())
        .add(new PlaceSharedMemoryPass())
        .upstream("gpu.module", "convert-scf-to-cf,convert-vector-to-llvm,convert-arith-to-llvm,arith-expand,convert-math-to-llvm")
        .add(new CallMathIntrinsicsPass())
        .upstream("gpu.module", "convert-gpu-to-rocdl{chipset=" + machine.isa().codeGeneration().cpu() + "},"
            + "convert-arith-to-llvm,convert-index-to-llvm,reconcile-unrealized-casts,canonicalize,cse", Set.of("rocdl"))
        .add(new SetRocdlKernelAttributesPass())
        .stage("machine", "ROCDL: what LLVM translates")
        .build();
  }
}
