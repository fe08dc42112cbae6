// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import java.util.List;

/** Limits of the floating-point types, and the unit in the last place. */
final class Formats {
  private Formats() {}

  /** Bits behind the leading one of a normal number. */
  static int mantissaBits(ElementType type) {
    return switch (type) {
      case F64 -> 52;
      case F32 -> 23;
      case F16 -> 10;
      case BF16 -> 7;
      case F8E4M3 -> 3;
      case F8E5M2 -> 2;
      case BOOL, I8, I16, I32, I64, U8, U16, U32, U64 -> throw new IllegalArgumentException(type.spelling());
    };
  }

  static int leastExponent(ElementType type) {
    return switch (type) {
      case F64 -> -1022;
      case F32, BF16 -> -126;
      case F16, F8E5M2 -> -14;
      case F8E4M3 -> -6;
      case BOOL, I8, I16, I32, I64, U8, U16, U32, U64 -> throw new IllegalArgumentException(type.spelling());
    };
  }

  static double leastNormal(ElementType type) {
    return Math.scalb(1.0, leastExponent(type));
  }

  static double greatest(ElementType type) {
    return switch (type) {
      case F64 -> Double.MAX_VALUE;
      case F32 -> Float.MAX_VALUE;
      case BF16 -> 0x1.FEp127;
      case F16 -> 65504;
      case F8E4M3 -> 448;
      case F8E5M2 -> 57344;
      case BOOL, I8, I16, I32, I64, U8, U16, U32, U64 -> throw new IllegalArgumentException(type.spelling());
    };
  }

  /** The distance between neighbours of the type at a number. */
  static double ulp(ElementType type, double value) {
    int exponent = value == 0 ? leastExponent(type) : Math.max(Math.getExponent(value), leastExponent(type));
    return Math.scalb(1.0, Math.min(exponent, 1023) - mantissaBits(type));
  }

  /** Rounds numbers to a type. */
  static final class Rounding {
    private final HostArray cell;

    Rounding(ElementType type) {
      cell = HostArray.zeros(type, List.of(1L));
    }

    double of(double value) {
      cell.set(0, value);
      return cell.get(0);
    }
  }
}
