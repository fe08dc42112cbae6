// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import kcc.mlir.ir.Operation;
import kcc.mlir.pass.PipelineListener;
import kcc.mlir.pass.PipelineStep;
import kcc.passes.asynchronous.VerifyProtocolPass;
import kcc.passes.schedule.GroupedKernel;
import kcc.passes.schedule.KernelReader;
import kcc.scheduler.machine.Machine;

/// Looks at a kernel when its channels are planned and proved, and its groups are not yet put together.
final class ScheduleReader implements PipelineListener {
  private final Machine machine;
  private GroupedKernel kernel;

  ScheduleReader(Machine machine) {
    this.machine = machine;
  }

  /// Null for a kernel without groups.
  GroupedKernel kernel() {
    return kernel;
  }

  @Override
  public void after(PipelineStep.Work step, Operation root, long nanos) {
    if (!step.label().equals(VerifyProtocolPass.INFO.flag())) {
      return;
    }
    for (Operation module : root.find("gpu.module")) {
      for (Operation function : module.find("gpu.func")) {
        if (!function.find("kcc.start").isEmpty()) {
          kernel = KernelReader.read(module, function, machine);
        }
      }
    }
  }
}
