// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassRegistry;
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
import kcc.targets.amd.LowerGridSizeToRocdlPass;
import kcc.targets.amd.LowerMemoryToRocdlPass;
import kcc.targets.amd.LowerMmaToRocdlPass;
import kcc.targets.amd.SetRocdlKernelAttributesPass;
import kcc.targets.cpu.CpuPipeline;
import kcc.targets.gpu.AllowContractionPass;
import kcc.targets.gpu.BoundRegistersPass;
import kcc.targets.gpu.CallMathIntrinsicsPass;
import kcc.targets.gpu.LowerAssertionsPass;
import kcc.targets.gpu.LowerAtomicsPass;
import kcc.targets.gpu.LowerRemainderPass;
import kcc.targets.gpu.LowerSmallFloatsPass;
import kcc.targets.gpu.OrderByStoresPass;
import kcc.targets.gpu.PlaceSharedMemoryPass;
import kcc.targets.math.LowerMathPass;
import kcc.targets.nvidia.CollectTensorMapsPass;
import kcc.targets.nvidia.GuardProductLoopsPass;
import kcc.targets.nvidia.IssueLoadsFirstPass;
import kcc.targets.nvidia.LowerAsyncMmaToNvvmPass;
import kcc.targets.nvidia.LowerChannelsToNvvmPass;
import kcc.targets.nvidia.LowerClustersToNvvmPass;
import kcc.targets.nvidia.LowerGroupsToNvvmPass;
import kcc.targets.nvidia.LowerMemoryToNvvmPass;
import kcc.targets.nvidia.LowerMmaToNvvmPass;
import kcc.targets.nvidia.SetNvvmKernelAttributesPass;
import kcc.targets.nvidia.WidenBf16Pass;

/// Every pass of kcc, in the order of the levels they work on: what `kcc-opt` can name, and what the registry test and
/// the generated documentation go through. Needs no native code.
public final class PassCatalog {
  private PassCatalog() {}

  public static List<KccPass> all() {
    List<KccPass> passes = new ArrayList<>(List.of(
        new DivideSumsPass(),
        new MakePersistentPass(),
        new SpecializeWarpsPass(),
        new TakeTurnsPass(),
        new SplitShortRowsPass(),
        new SplitLoopsPass(),
        new NarrowComparisonsPass(),
        new SpaceRowsPass(),
        new ShiftRowsPass(),
        new StageRaggedRowsPass(),
        new ExpandViewsPass(),
        new WidenFactorsPass(),
        new ChooseClusterPass(),
        new ChooseWarpsPass(),
        new AssignLayoutsPass(),
        new FuseOnlineReductionsPass(),
        new ReloadTilesPass(),
        new AllocateSharedPass(),
        new InsertBarriersPass(),
        new LowerToFragmentsPass(),
        new BoundRegistersPass(),
        new SplitMasksPass(),
        new SinkSelectsPass(),
        new SkipVectorsPass(),
        new PlanChannelsPass(),
        new VerifyProtocolPass(),
        new JoinGroupsPass(),
        new OrderByStoresPass(),
        new AllowContractionPass(),
        new LowerSmallFloatsPass(),
        new LowerRemainderPass(),
        new LowerMathPass(),
        new LowerAssertionsPass(),
        new LowerAtomicsPass(),
        new PlaceSharedMemoryPass(),
        new CallMathIntrinsicsPass(),
        new IssueLoadsFirstPass(),
        new WidenBf16Pass(),
        new LowerMemoryToNvvmPass(),
        new LowerMmaToNvvmPass(),
        new LowerClustersToNvvmPass(),
        new GuardProductLoopsPass(),
        new LowerChannelsToNvvmPass(),
        new LowerAsyncMmaToNvvmPass(),
        new LowerGroupsToNvvmPass(),
        new CollectTensorMapsPass(),
        new SetNvvmKernelAttributesPass(),
        new LowerMemoryToRocdlPass(),
        new LowerMmaToRocdlPass(),
        new LowerGridSizeToRocdlPass(),
        new SetRocdlKernelAttributesPass()));
    passes.addAll(CpuPipeline.passes());
    return List.copyOf(passes);
  }

  public static PassRegistry registry() {
    return PassRegistry.of(all());
  }
}
