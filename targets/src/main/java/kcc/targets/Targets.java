// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.util.List;
import java.util.Map;
import kcc.scheduler.machine.Machine;
import kcc.targets.amd.AmdTarget;
import kcc.targets.cpu.CpuTarget;
import kcc.targets.cpu.Precision;
import kcc.targets.data.Machines;
import kcc.targets.nvidia.NvidiaTarget;

/// The targets by the names users write.
public final class Targets {
  /// The host's images that compute in `f64` whatever the kernel says: what other images are compared with.
  public static final String REFERENCE = "reference";

  private static final String HOST = "cpu";

  private Targets() {}

  public static List<String> names() {
    return Machines.names();
  }

  /// @param environment environment variables, for tools that are looked for
  /// @throws kcc.mlir.diag.KccException with the nearest known name when there is none
  public static Target of(String name, Map<String, String> environment) {
    if (name.equals(REFERENCE)) {
      return new CpuTarget(Machines.of(HOST), Precision.REFERENCE);
    }
    Machine machine = Machines.of(name);
    return switch (machine.isa().family()) {
      case NVIDIA -> new NvidiaTarget(machine, environment);
      case AMD -> new AmdTarget(machine);
      case HOST -> new CpuTarget(machine);
    };
  }
}
