// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.PassPipeline;
import kcc.scheduler.machine.Machine;
import kcc.targets.binary.OffloadImage;

/// A chip with the way to its machine code. Stateless: one instance may serve several threads, each with a context of
/// its own.
public interface Target {
  Machine machine();

  /// What users, images and messages call it; the chip's name unless one chip serves several targets.
  default String name() {
    return machine().name();
  }

  /// Up to how many bytes a thread may spill without anybody having to care, because the target prefers more threads to
  /// them.
  default int acceptedSpillBytes() {
    return 0;
  }

  /// Versions of everything that takes part in a compile.
  default Map<String, String> versions() {
    return CompilerVersions.common();
  }

  /// From the tile level to what [#translate] takes, with named stages.
  PassPipeline pipeline();

  /// Machine code of a kernel that went through the pipeline.
  ///
  /// @param module    the `builtin.module` with this one kernel
  /// @param kernel    what the kernel looked like at the tile level, for the manifest
  /// @param listing   gets the texts on the way (`llvm`, `ptx`, `asm`), as soon as they exist
  /// @return the image with the keys `triple`, `arch`, `kernel`, `target`, `manifest`
  OffloadImage translate(Operation module, KernelInterface kernel, Listing listing);

  /// Takes what is made on the way to machine code; texts are only rendered when wanted.
  interface Listing {
    /// @param kind `llvm`, `ptx` or `asm`
    boolean wants(String kind);

    void add(String kind, String text);

    /// Wants nothing.
    Listing NONE = new Listing() {
      @Override
      public boolean wants(String kind) {
        return false;
      }

      @Override
      public void add(String kind, String text) {}
    };
  }
}
