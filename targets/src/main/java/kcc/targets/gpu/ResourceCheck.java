// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.SourceLocation;
import kcc.scheduler.machine.BlockLimits;
import kcc.scheduler.machine.Machine;

/// Compares what a kernel needs with what the chip has, so that nothing first fails when it is loaded or launched.
public final class ResourceCheck {
  private ResourceCheck() {}

  /// Before machine code is made.
  ///
  /// @param place          where the kernel is defined, or null
  /// @param parameterBytes of the kernel's arguments
  /// @throws KccException naming what is needed, what the chip allows and what to change
  public static void before(Machine machine, SourceLocation place, KernelFunction kernel, int parameterBytes) {
    BlockLimits limits = machine.isa().limits();
    int threads = kernel.threads();
    if (threads > limits.threadsPerBlock()) {
      throw tooMuch("KCC4201", place, kernel, threads + " threads in a block", machine,
          limits.threadsPerBlock() + " threads", "use smaller tiles or fewer warps");
    }
    for (int axis = 0; axis < 3; axis++) {
      if (kernel.block().get(axis) > limits.blockExtents().get(axis)) {
        throw tooMuch("KCC4201", place, kernel, kernel.block().get(axis) + " threads along axis " + axis, machine,
            limits.blockExtents().get(axis) + " threads there", "use smaller tiles or fewer warps");
      }
    }
    int sharedLimit = machine.isa().sharedMemory().maxBytesPerBlock();
    if (kernel.sharedBytes() > sharedLimit) {
      throw tooMuch("KCC4202", place, kernel, kernel.sharedBytes() + " B of shared memory", machine, sharedLimit + " B",
          "use smaller tiles, a narrower type or fewer stages");
    }
    if (parameterBytes > limits.parameterBytes()) {
      throw tooMuch("KCC4203", place, kernel, parameterBytes + " B of arguments", machine, limits.parameterBytes() + " B",
          "put arguments into memory");
    }
  }

  /// After machine code was made, with what its compiler reports.
  ///
  /// @param registers of a thread
  /// @throws KccException when a block of this size cannot be launched
  public static void after(Machine machine, SourceLocation place, KernelFunction kernel, int registers, long sharedBytes) {
    int most = machine.isa().registers().perThread(kernel.threads());
    if (registers > most) {
      throw tooMuch("KCC4204", place, kernel, registers + " registers a thread in blocks of " + kernel.threads() + " threads",
          machine, most + " registers", "use smaller tiles or fewer warps");
    }
    int sharedLimit = machine.isa().sharedMemory().maxBytesPerBlock();
    if (sharedBytes > sharedLimit) {
      throw tooMuch("KCC4202", place, kernel, sharedBytes + " B of shared memory", machine, sharedLimit + " B",
          "use smaller tiles, a narrower type or fewer stages");
    }
  }

  private static KccException tooMuch(String code, SourceLocation place, KernelFunction kernel, String needed,
      Machine machine, String allowed, String help) {
    return new KccException(Diagnostic.error(code, place, "kernel '" + kernel.symbol() + "' needs " + needed + "; "
        + machine.name() + " allows " + allowed).withHelp(help));
  }
}
