// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import kcc.mlir.ir.Type;

/// The 8-bit formats of the Open Compute Project.
///
/// @param mantissaBits behind the implicit one
/// @param bias         of the exponent
/// @param largest      encoding of the largest finite number, which is what too large numbers become
enum SmallFloat {
  E4M3(3, 7, 0x7E, 448, "e4m3", "fp8"), E5M2(2, 15, 0x7B, 57344, "e5m2", "bf8");

  static final int NAN = 0x7F;

  private final int mantissaBits;
  private final int bias;
  private final int largest;
  private final double largestValue;
  private final String nvidiaName;
  private final String amdName;

  SmallFloat(int mantissaBits, int bias, int largest, double largestValue, String nvidiaName, String amdName) {
    this.mantissaBits = mantissaBits;
    this.bias = bias;
    this.largest = largest;
    this.largestValue = largestValue;
    this.nvidiaName = nvidiaName;
    this.amdName = amdName;
  }

  /// The format of a type, or null for every other one.
  static SmallFloat of(Type type) {
    return switch (type.toString()) {
      case "f8E4M3FN" -> E4M3;
      case "f8E5M2" -> E5M2;
      default -> null;
    };
  }

  int mantissaBits() {
    return mantissaBits;
  }

  int bias() {
    return bias;
  }

  int largest() {
    return largest;
  }

  double largestValue() {
    return largestValue;
  }

  String nvidiaName() {
    return nvidiaName;
  }

  String amdName() {
    return amdName;
  }

  /// What an encoding stands for.
  double value(int code) {
    int magnitude = code & 0x7F;
    int exponent = magnitude >> mantissaBits;
    int mantissa = magnitude & (1 << mantissaBits) - 1;
    int leastExponent = 1 - bias;
    double absolute = exponent == 0 ? Math.scalb((double) mantissa, leastExponent - mantissaBits)
        : Math.scalb((double) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
    if (magnitude > largest) {
      absolute = this == E5M2 && mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    return code > NAN ? -absolute : absolute;
  }

  /// The encoding of a number that has one.
  int code(double value) {
    for (int code = 0; code < 256; code++) {
      if (Double.doubleToLongBits(value(code)) == Double.doubleToLongBits(value)) {
        return code;
      }
    }
    throw new IllegalArgumentException(value + " is no number of " + nvidiaName);
  }
}
