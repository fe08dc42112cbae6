// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import kcc.mlir.pass.PassPipeline;
import kcc.passes.asynchronous.JoinGroupsPass;
import kcc.passes.asynchronous.MakePersistentPass;
import kcc.passes.asynchronous.PlanChannelsPass;
import kcc.passes.asynchronous.SpecializeWarpsPass;
import kcc.passes.asynchronous.TakeTurnsPass;
import kcc.passes.asynchronous.VerifyProtocolPass;
import kcc.passes.fragment.LowerToFragmentsPass;
import kcc.passes.fragment.SinkSelectsPass;
import kcc.passes.fragment.SkipVectorsPass;
import kcc.passes.fragment.SplitMasksPass;
import kcc.passes.memory.AllocateSharedPass;
import kcc.passes.memory.InsertBarriersPass;
import kcc.passes.memory.ReloadTilesPass;
import kcc.passes.placement.AssignLayoutsPass;
import kcc.passes.placement.ChooseClusterPass;
import kcc.passes.placement.ChooseWarpsPass;
import kcc.passes.placement.FuseOnlineReductionsPass;
import kcc.passes.placement.WidenFactorsPass;
import kcc.passes.tile.DivideSumsPass;
import kcc.passes.tile.ExpandViewsPass;
import kcc.passes.tile.NarrowComparisonsPass;
import kcc.passes.tile.ShiftRowsPass;
import kcc.passes.tile.SpaceRowsPass;
import kcc.passes.tile.SplitLoopsPass;
import kcc.passes.tile.SplitShortRowsPass;
import kcc.passes.tile.StageRaggedRowsPass;
import kcc.targets.math.LowerMathPass;

/// The steps from the tile level to the fragment level, the same for all GPUs: passes ask the machine.
public final class GpuPipeline {
  private GpuPipeline() {}

  public static PassPipeline tilesToFragments() {
    return PassPipeline.builder()
        .upstream("gpu.func", "canonicalize,cse")
        .add(new DivideSumsPass())
        .add(new MakePersistentPass())
        .add(new SpecializeWarpsPass())
        .add(new TakeTurnsPass())
        .add(new SplitShortRowsPass())
        .add(new SplitLoopsPass())
        .add(new NarrowComparisonsPass())
        .add(new SpaceRowsPass())
        .add(new ShiftRowsPass())
        .add(new StageRaggedRowsPass())
        .add(new ExpandViewsPass())
        .upstream("gpu.func", "canonicalize,cse,loop-invariant-code-motion")
        .add(new WidenFactorsPass())
        .add(new ChooseClusterPass())
        .add(new ChooseWarpsPass())
        .add(new AssignLayoutsPass())
        .add(new FuseOnlineReductionsPass())
        .add(new ReloadTilesPass())
        .stage("placed", "every tile has a layout")
        .add(new AllocateSharedPass())
        .add(new InsertBarriersPass())
        .add(new LowerToFragmentsPass())
        .upstream("gpu.func", "canonicalize,cse,loop-invariant-code-motion")
        .add(new BoundRegistersPass())
        .add(new SplitMasksPass())
        .add(new SinkSelectsPass())
        .add(new SkipVectorsPass())
        .add(new PlanChannelsPass())
        .add(new VerifyProtocolPass())
        .add(new JoinGroupsPass())
        .stage("fragments", "the code of one thread")
        .build();
  }

  /// The steps at the fragment level that need nothing of a vendor's dialect: what hardware computes only in part,
  /// in terms of what it computes.
  public static PassPipeline arithmetic() {
    return PassPipeline.builder()
        .add(new AllowContractionPass())
        .add(new LowerSmallFloatsPass())
        .add(new LowerRemainderPass())
        .add(new LowerMathPass())
        .add(new LowerAssertionsPass())
        .add(new LowerAtomicsPass())
        .build();
  }
}
