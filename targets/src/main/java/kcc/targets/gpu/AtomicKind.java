// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

/// The kinds of `kcc.atomic_rmw_element`, with the number that `llvm.atomicrmw` gives to each (LLVM dialect, AtomicBinOp).
enum AtomicKind {
  ADD(1), FADD(11), AND(3), OR(5), XOR(6), SMAX(7), SMIN(8), UMAX(9), UMIN(10), FMAX(13), FMIN(14), EXCHANGE(0);

  private final int llvm;

  AtomicKind(int llvm) {
    this.llvm = llvm;
  }

  /// @param keyword as the dialect writes it
  static AtomicKind of(String keyword) {
    return valueOf(keyword.toUpperCase(java.util.Locale.ROOT));
  }

  int llvm() {
    return llvm;
  }
}
