// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.Locale;
import kcc.mlir.ir.Type;

/// What the numbers of a tile are, and which of them there are.
public enum Element {
  F64(64, 53, -1022), F32(32, 24, -126), F16(16, 11, -14), BF16(16, 8, -126), F8E4M3FN(8, 4, -6), F8E5M2(8, 3, -14),
  I1(1, 0, 0), I8(8, 0, 0), I16(16, 0, 0), I32(32, 0, 0), I64(64, 0, 0);

  private final int bits;
  private final int precision;
  private final int leastExponent;

  /// @param precision     digits of a floating-point number, the leading one included; 0 for integers
  /// @param leastExponent of normal numbers
  Element(int bits, int precision, int leastExponent) {
    this.bits = bits;
    this.precision = precision;
    this.leastExponent = leastExponent;
  }

  static Element of(Type type) {
    return type.isIndex() ? I64 : named(type.elementOrSelf().toString());
  }

  /// @param name as MLIR spells it
  static Element named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  boolean isFloat() {
    return precision > 0;
  }

  int bits() {
    return bits;
  }

  int bytes() {
    return Math.max(1, bits / Byte.SIZE);
  }

  /// The nearest number of this type, the even one of two.
  public double round(double number) {
    if (this == F32) {
      return (float) number;
    }
    if (this == F64 || number == 0 || Double.isNaN(number) || Double.isInfinite(number)) {
      return this == F8E4M3FN && Double.isInfinite(number) ? Double.NaN : number;
    }
    int exponent = Math.max(Math.getExponent(number), leastExponent);
    double unit = Math.scalb(1.0, exponent - precision + 1);
    double rounded = Math.rint(number / unit) * unit;
    if (Math.abs(rounded) <= largest()) {
      return rounded;
    }
    return this == F8E4M3FN ? Double.NaN : Math.copySign(Double.POSITIVE_INFINITY, number);
  }

  private double largest() {
    // E4M3FN has numbers where others have infinities (OCP 8-bit Floating Point Specification, table 1).
    return this == F8E4M3FN ? 448 : Math.scalb(2 - Math.scalb(1.0, 1 - precision), 1 - leastExponent);
  }

  /// What is left of an integer in as many bits, with a sign; a bit is 0 or 1.
  long wrap(long number) {
    return this == I1 ? number & 1 : number << Long.SIZE - bits >> Long.SIZE - bits;
  }

  /// The same bits as a number without sign.
  long unsigned(long number) {
    return bits == Long.SIZE ? number : number & (1L << bits) - 1;
  }
}
