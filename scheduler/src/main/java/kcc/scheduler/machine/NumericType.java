// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// A format of numbers that memory, arithmetic or matrix units know.
public enum NumericType {
  F64(64), F32(32),
  /// 19 significant bits in a 32-bit register: 8 exponent, 10 mantissa.
  TF32(32),
  F16(16), BF16(16),
  F8E4M3(8), F8E5M2(8),
  /// The variants with one zero and one NaN.
  F8E4M3FNUZ(8), F8E5M2FNUZ(8),
  F6E2M3(6), F6E3M2(6), F4E2M1(4),
  I32(32), I8(8), U8(8);

  private final int bits;

  NumericType(int bits) {
    this.bits = bits;
  }

  public int bits() {
    return bits;
  }

  /// The name in data files and in instruction names: `bf16`.
  public String text() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
