// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.UnsupportedException;
import kcc.scheduler.machine.Machine;
import kcc.targets.Target;
import kcc.targets.cpu.CpuTarget;
import kcc.targets.data.Machines;

/// The back end of each family of machines.
final class BackEnds {
  private BackEnds() {}

  static Target of(String name) {
    Machine machine = Machines.of(name);
    return switch (machine.isa().family()) {
      case HOST -> new CpuTarget(machine);
      case NVIDIA, AMD -> throw new UnsupportedException(Diagnostic.error("KCC5006", null,
          "there is no code generation for " + machine.name() + " (" + machine.isa().name() + ") yet"));
    };
  }
}
