// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import kcc.launcher.Device;
import kcc.launcher.cpu.CpuDevice;
import kcc.launcher.cuda.CudaDevice;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.UnsupportedException;
import kcc.scheduler.machine.Machine;
import kcc.targets.data.Machines;

/// The device that runs what was compiled for a target.
final class Devices {
  static final String CPU = "cpu";
  static final String CUDA = "cuda";

  private Devices() {}

  static Device openCuda() {
    return CudaDevice.open(0);
  }

  /// The device called `cpu` or `cuda`, whatever its chip is.
  static Device named(String name) {
    return switch (name) {
      case CPU -> new CpuDevice();
      case CUDA -> openCuda();
      default -> throw new UsageException("there is no device '%s'".formatted(name), "devices are cpu and cuda");
    };
  }

  /// The target whose code a device runs.
  static String targetOf(Device device) {
    String wanted = device.architecture();
    if (device instanceof CpuDevice) {
      return CPU;
    }
    for (String name : Machines.names()) {
      String made = Machines.of(name).isa().codeGeneration().cpu();
      if (made.equals(wanted) || made.equals(wanted + "a")) {
        return name;
      }
    }
    throw new UnsupportedException(Diagnostic.error("KCC5021", null,
        "no target of kcc is for %s (%s)".formatted(device.name(), wanted)).withHelp("'kcc targets' lists them"));
  }

  static Device open(String target) {
    Machine machine = Machines.of(target);
    return switch (machine.isa().family()) {
      case HOST -> new CpuDevice();
      case NVIDIA -> CudaDevice.open(0);
      case AMD -> throw new UnsupportedException(
          Diagnostic.error("KCC5020", null, "kcc runs kernels on NVIDIA GPUs and on the CPU, not on " + machine.name())
              .withHelp("compile for it with 'kcc compile --target %s'".formatted(machine.name())));
    };
  }
}
