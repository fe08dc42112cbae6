// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassPipeline;

/// The steps from the tile level to LLVM's dialect on the host.
public final class CpuPipeline {
  private CpuPipeline() {}

  /// The Java passes of this target.
  public static List<KccPass> passes() {
    return List.of(
        new WidenFloatsPass(),
        new OutlineProgramsPass(),
        new LowerMemoryPass(),
        new TilesToLinalgPass(),
        new FillConstantsPass(),
        new CarryTilesInBuffersPass(),
        new LowerMatmulPass(),
        new PlanWorkspacePass(),
        new BytesForBoolsPass(),
        new ExpandScalarsPass(),
        new Bf16AsBitsPass(),
        new LowerAssertsPass(),
        new AddEntryPointsPass());
  }

  /// @param precision what floating-point numbers are computed in
  public static PassPipeline of(Precision precision) {
    PassPipeline.Builder steps = PassPipeline.builder();
    if (precision == Precision.REFERENCE) {
      steps.add(new WidenFloatsPass());
    }
    return steps
        .add(new OutlineProgramsPass())
        .upstream("func.func", "canonicalize,cse")
        .add(new LowerMemoryPass())
        .add(new TilesToLinalgPass())
        .stage("cpu-linalg", "tiles are computed by linalg, memory is accessed by loops")
        .upstream("func.func", "convert-elementwise-to-linalg,linalg-fuse-elementwise-ops")
        .add(new FillConstantsPass())
        .add(new CarryTilesInBuffersPass())
        .upstream("builtin.module", "one-shot-bufferize{buffer-alignment=64}", Set.of("cpu-buffers"))
        .upstream("func.func", "canonicalize,cse")
        .stage("cpu-buffers", "tiles are buffers")
        .add(new PlanWorkspacePass())
        .add(new LowerMatmulPass())
        .upstream("func.func", "convert-linalg-to-loops")
        .add(new BytesForBoolsPass())
        .upstream("func.func", "canonicalize,cse", Set.of("cpu-scalars"))
        .add(new ExpandScalarsPass())
        .add(new Bf16AsBitsPass())
        .stage("cpu-loops", "scalar loops over buffers in a planned workspace")
        .upstream("builtin.module", "expand-strided-metadata,lower-affine,convert-scf-to-cf")
        .add(new LowerAssertsPass())
        .upstream("builtin.module", "convert-math-to-llvm,convert-math-to-libm,"
            + "finalize-memref-to-llvm,convert-func-to-llvm{use-bare-ptr-memref-call-conv=1},convert-arith-to-llvm,"
            + "convert-cf-to-llvm,convert-index-to-llvm,reconcile-unrealized-casts,canonicalize,cse")
        .add(new AddEntryPointsPass())
        .stage("cpu-llvm", "LLVM's dialect with an entry point for each kernel")
        .build();
  }
}
