// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// How a matrix instruction takes its operands; each kind is one family of register layouts.
public enum FragmentKind {
  /// Registers of one warp of 32 lanes.
  MMA,
  /// Shared memory (A also from registers), accumulator in the registers of four warps.
  WGMMA,
  /// Shared or tensor memory, accumulator in tensor memory.
  TCGEN05,
  /// Registers of one wave of 64 lanes.
  MFMA;

  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
