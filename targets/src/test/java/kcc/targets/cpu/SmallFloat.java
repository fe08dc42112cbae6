// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

/// Narrow formats by definition: the table of their values, and nearest by search. Independent of the compiler's bits.
enum SmallFloat {
  F16(5, 10, 15, 0x7C00, 0x7C00),
  BF16(8, 7, 127, 0x7F80, 0x7F80),
  F8_E4M3FN(4, 3, 7, 0x7F, 0x7E),
  F8_E5M2(5, 2, 15, 0x7C, 0x7B);

  private final int mantissaBits;
  private final int bias;
  private final int finiteCodes;
  /// What is too large becomes this.
  private final int beyond;
  private final int signBit;

  SmallFloat(int exponentBits, int mantissaBits, int bias, int finiteCodes, int beyond) {
    this.mantissaBits = mantissaBits;
    this.bias = bias;
    this.finiteCodes = finiteCodes;
    this.beyond = beyond;
    this.signBit = 1 << (exponentBits + mantissaBits);
  }

  static SmallFloat of(String type) {
    return switch (type) {
      case "f16" -> F16;
      case "bf16" -> BF16;
      case "f8E4M3FN" -> F8_E4M3FN;
      case "f8E5M2" -> F8_E5M2;
      default -> throw new IllegalArgumentException(type);
    };
  }

  /// Number of codes that are finite and not negative; they are in the order of their values.
  int finiteCodes() {
    return finiteCodes;
  }

  double value(int code) {
    int exponent = code >> mantissaBits;
    int mantissa = code & ((1 << mantissaBits) - 1);
    return exponent == 0
        ? Math.scalb((double) mantissa, 1 - bias - mantissaBits)
        : Math.scalb((double) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
  }

  double largest() {
    return value(finiteCodes - 1);
  }

  /// Between a code and the next, also behind the last one.
  double halfway(int code) {
    return value(code) / 2 + value(code + 1) / 2;
  }

  boolean isNan(int bits) {
    int code = bits & (signBit - 1);
    return this == F8_E4M3FN ? code == 0x7F : code > finiteCodes;
  }

  /// The code of the nearest number, of two the even one.
  int nearest(double number) {
    double magnitude = Math.abs(number);
    int sign = Double.doubleToRawLongBits(number) < 0 ? signBit : 0;
    int low = 0;
    int high = finiteCodes;
    while (high - low > 1) {
      int middle = (low + high) / 2;
      if (value(middle) <= magnitude) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double half = halfway(low);
    boolean up = magnitude > half || magnitude == half && low % 2 == 1;
    int code = up ? low + 1 : low;
    return sign | (code >= finiteCodes ? beyond : code);
  }
}
