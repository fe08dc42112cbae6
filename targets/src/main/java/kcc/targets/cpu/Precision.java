// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

/// What floating-point numbers are computed in.
public enum Precision {
  /// The types the kernel says.
  AS_WRITTEN,
  /// `f64` throughout: arguments, memory and arithmetic. The reference that `kcc verify` measures errors against.
  REFERENCE
}
