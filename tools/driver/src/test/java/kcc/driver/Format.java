// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// How a number lies in memory, written here once more so that the tests do not trust the compiler's own conversions.
enum Format {
  F32(4), F16(2), BF16(2), F8E4M3(1), F8E5M2(1), I8(1), I32(4), I64(8);

  private final int bytes;

  Format(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  double read(MemorySegment data, long index) {
    return switch (this) {
      case F32 -> data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
      case F16 -> Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, index));
      case BF16 -> Float.intBitsToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, index) << 16);
      case F8E4M3 -> small(data.get(ValueLayout.JAVA_BYTE, index), 4, 3, false);
      case F8E5M2 -> small(data.get(ValueLayout.JAVA_BYTE, index), 5, 2, true);
      case I8 -> data.get(ValueLayout.JAVA_BYTE, index);
      case I32 -> data.getAtIndex(ValueLayout.JAVA_INT, index);
      case I64 -> data.getAtIndex(ValueLayout.JAVA_LONG, index);
    };
  }

  /// The nearest number of this format; formats of 8 bits take only what they hold exactly.
  void write(MemorySegment data, long index, double value) {
    switch (this) {
      case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
      case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, index, Float.floatToFloat16((float) value));
      case BF16 -> {
        int bits = Float.floatToRawIntBits((float) value);
        int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
        data.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) (Double.isNaN(value) ? 0x7FFF : rounded >>> 16));
      }
      case F8E4M3, F8E5M2 -> data.set(ValueLayout.JAVA_BYTE, index, encode(value));
      case I8 -> data.set(ValueLayout.JAVA_BYTE, index, (byte) value);
      case I32 -> data.setAtIndex(ValueLayout.JAVA_INT, index, (int) value);
      case I64 -> data.setAtIndex(ValueLayout.JAVA_LONG, index, (long) value);
    }
  }

  private byte encode(double value) {
    for (int bits = 0; bits < 256; bits++) {
      if (Double.compare(decode((byte) bits), value) == 0) {
        return (byte) bits;
      }
    }
    throw new IllegalArgumentException(value + " is no " + this);
  }

  /// The number of an 8-bit floating-point format with these bits.
  double decode(byte bits) {
    return this == F8E4M3 ? small(bits, 4, 3, false) : small(bits, 5, 2, true);
  }

  private static double small(byte bits, int exponentBits, int fractionBits, boolean hasInfinity) {
    int exponent = bits >> fractionBits & (1 << exponentBits) - 1;
    int fraction = bits & (1 << fractionBits) - 1;
    int top = (1 << exponentBits) - 1;
    int bias = (1 << exponentBits - 1) - 1;
    double magnitude;
    if (exponent == top && hasInfinity) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == top && fraction == (1 << fractionBits) - 1) {
      magnitude = Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, 1 - bias - fractionBits);
    } else {
      magnitude = Math.scalb((double) ((1 << fractionBits) + fraction), exponent - bias - fractionBits);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
