// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.machine.Machine;

/// How a kernel's groups of warps work together on a chip, or why all of its warps do the same.
///
/// @param variant        empty for the one that takes anything
/// @param grouped        null for a kernel without groups
/// @param why            the remark of the pass that left it so; null for a kernel with groups
/// @param predictedShare of the peak of the matrix units that the cost model expects of a launch, beginnings and ends of
///                       programs included; null where it expects nothing of asynchronous products
public record KernelSchedule(String kernel, String variant, Machine machine, GroupedKernel grouped, Diagnostic why,
    List<LoopSchedule> loops, Double predictedShare) {
  public KernelSchedule {
    loops = List.copyOf(loops);
  }
}
