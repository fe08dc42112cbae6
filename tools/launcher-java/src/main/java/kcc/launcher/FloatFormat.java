// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/**
 * A small binary floating-point format: one sign bit, then exponent, then mantissa.
 *
 * <p>The finite-only variant ({@code finiteOnly}, as in OCP FP8 E4M3) has no infinities: only the all-ones pattern is
 * NaN, and values too large become NaN.
 */
record FloatFormat(int exponentBits, int mantissaBits, boolean finiteOnly) {
  static final FloatFormat F16 = new FloatFormat(5, 10, false);
  static final FloatFormat BF16 = new FloatFormat(8, 7, false);
  static final FloatFormat F8E5M2 = new FloatFormat(5, 2, false);
  static final FloatFormat F8E4M3 = new FloatFormat(4, 3, true);

  private int bias() {
    return (1 << (exponentBits - 1)) - 1;
  }

  private int magnitudeMask() {
    return (1 << (exponentBits + mantissaBits)) - 1;
  }

  double decode(int bits) {
    int magnitude = bits & magnitudeMask();
    double sign = (bits >>> (exponentBits + mantissaBits) & 1) == 0 ? 1.0 : -1.0;
    int exponent = magnitude >>> mantissaBits;
    int mantissa = magnitude & (1 << mantissaBits) - 1;
    boolean topExponent = exponent == (1 << exponentBits) - 1;
    if (finiteOnly ? magnitude == magnitudeMask() : topExponent && mantissa != 0) {
      return Double.NaN;
    }
    if (topExponent && !finiteOnly) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (exponent == 0) {
      return sign * Math.scalb((double) mantissa, 1 - bias() - mantissaBits);
    }
    return sign * Math.scalb((double) ((1 << mantissaBits) + mantissa), exponent - bias() - mantissaBits);
  }

  /** The nearest value of this format; ties go to the even mantissa, as IEEE 754 rounds. */
  int encode(double value) {
    int sign = (int) (Double.doubleToRawLongBits(value) >>> 63) << (exponentBits + mantissaBits);
    if (Double.isNaN(value)) {
      return finiteOnly ? magnitudeMask() : sign | magnitudeMask() & ~((1 << mantissaBits - 1) - 1);
    }
    int overflow = finiteOnly ? magnitudeMask() : (1 << exponentBits) - 1 << mantissaBits;
    double absolute = Math.abs(value);
    if (Double.isInfinite(absolute)) {
      return sign | overflow;
    }
    int exponent = Math.max(Math.getExponent(absolute), 1 - bias());
    if (exponent > bias() + 1) {
      return sign | overflow;
    }
    // In units of the last place of that exponent. A carry out of the mantissa moves into the exponent by itself.
    long units = (long) Math.rint(Math.scalb(absolute, mantissaBits - exponent));
    long magnitude = units + ((long) (exponent + bias() - 1) << mantissaBits);
    return sign | (int) Math.min(magnitude, overflow);
  }
}
