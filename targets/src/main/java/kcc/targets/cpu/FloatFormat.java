// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import kcc.mlir.ir.Type;

/// Formats narrower than `f32`, with conversions written in integer arithmetic: LLVM has no 8-bit formats, would call
/// library functions that the host may not have for others, and rounds `f64` to `f16` twice on some processors.
///
/// @param mantissaBits    bits behind the implicit one
/// @param leastExponent   exponent of the least normal number
/// @param largest         encoding of the largest finite number
/// @param beyond          encoding of what is too large: infinity, or for 8-bit formats the largest number, which is
///                        what the conversions of GPUs give (PTX ISA, `cvt` with `.satfinite`)
/// @param notANumber      encoding of NaN
enum FloatFormat {
  F16("f16", 16, 10, -14, 0x7BFF, 0x7C00, 0x7E00),
  BF16("bf16", 16, 7, -126, 0x7F7F, 0x7F80, 0x7FC0),
  F8_E4M3FN("f8E4M3FN", 8, 3, -6, 0x7E, 0x7E, 0x7F),
  F8_E5M2("f8E5M2", 8, 2, -14, 0x7B, 0x7B, 0x7F);

  private final String type;
  private final int width;
  private final int mantissaBits;
  private final int leastExponent;
  private final int largest;
  private final int beyond;
  private final int notANumber;

  FloatFormat(String type, int width, int mantissaBits, int leastExponent, int largest, int beyond, int notANumber) {
    this.type = type;
    this.width = width;
    this.mantissaBits = mantissaBits;
    this.leastExponent = leastExponent;
    this.largest = largest;
    this.beyond = beyond;
    this.notANumber = notANumber;
  }

  /// The format of a type, or null for `f32`, `f64` and what is no floating-point type.
  static FloatFormat of(Type type) {
    if (type.isFloat() && type.bitWidth() < 32) {
      String text = type.toString();
      for (FloatFormat format : values()) {
        if (format.type.equals(text)) {
          return format;
        }
      }
      throw new IllegalArgumentException("type " + text + " is no format of the tile level");
    }
    return null;
  }

  String narrowName() {
    return "kcc.scalar.narrow_" + type;
  }

  /// Rounds an `f64` to nearest, ties to even.
  String narrowText() {
    return """
        func.func private @"%s"(%%x: f64) -> %s {
          %%one = arith.constant 1 : i64
          %%zero = arith.constant 0 : i64
          %%52 = arith.constant 52 : i64
          %%63 = arith.constant 63 : i64
          %%bias = arith.constant 1023 : i64
          %%infinity = arith.constant 0x7FF0000000000000 : i64
          %%magnitude_mask = arith.constant 0x7FFFFFFFFFFFFFFF : i64
          %%fraction_mask = arith.constant 0xFFFFFFFFFFFFF : i64
          %%implicit = arith.constant 0x10000000000000 : i64
          %%least = arith.constant %d : i64
          %%mantissa_bits = arith.constant %d : i64
          %%largest = arith.constant %d : i64
          %%beyond = arith.constant %d : i64
          %%nan = arith.constant %d : i64
          %%sign_place = arith.constant %d : i64
          %%most_dropped = arith.constant 62 : i64
          %%bits = arith.bitcast %%x : f64 to i64
          %%sign = arith.shrui %%bits, %%63 : i64
          %%magnitude = arith.andi %%bits, %%magnitude_mask : i64
          %%biased = arith.shrui %%magnitude, %%52 : i64
          %%exponent = arith.subi %%biased, %%bias : i64
          %%fraction = arith.andi %%magnitude, %%fraction_mask : i64
          %%mantissa = arith.ori %%fraction, %%implicit : i64
          // Below the least normal number the mantissa loses one more bit for each power of two.
          %%below = arith.subi %%least, %%exponent : i64
          %%denormal = arith.maxsi %%below, %%zero : i64
          %%normal_dropped = arith.subi %%52, %%mantissa_bits : i64
          %%all_dropped = arith.addi %%normal_dropped, %%denormal : i64
          %%dropped = arith.minsi %%all_dropped, %%most_dropped : i64
          %%half_place = arith.subi %%dropped, %%one : i64
          %%half = arith.shli %%one, %%half_place : i64
          %%kept = arith.shrui %%mantissa, %%dropped : i64
          %%odd = arith.andi %%kept, %%one : i64
          %%almost_half = arith.subi %%half, %%one : i64
          %%up = arith.addi %%almost_half, %%odd : i64
          %%sum = arith.addi %%mantissa, %%up : i64
          %%rounded = arith.shrui %%sum, %%dropped : i64
          // The implicit bit adds the last one to the exponent, and so does a carry out of the mantissa.
          %%above = arith.subi %%exponent, %%least : i64
          %%place = arith.maxsi %%above, %%zero : i64
          %%exponent_field = arith.shli %%place, %%mantissa_bits : i64
          %%code = arith.addi %%exponent_field, %%rounded : i64
          %%too_large = arith.cmpi sgt, %%code, %%largest : i64
          %%finite = arith.select %%too_large, %%beyond, %%code : i64
          %%is_nan = arith.cmpi sgt, %%magnitude, %%infinity : i64
          %%unsigned = arith.select %%is_nan, %%nan, %%finite : i64
          %%sign_bit = arith.shli %%sign, %%sign_place : i64
          %%all = arith.ori %%unsigned, %%sign_bit : i64
          %%short = arith.trunci %%all : i64 to i%d
          %%r = arith.bitcast %%short : i%d to %s
          return %%r : %s
        }
        """.formatted(narrowName(), type, leastExponent, mantissaBits, largest, beyond, notANumber, width - 1,
        width, width, type, type);
  }

  String widenName() {
    return "kcc.scalar.widen_" + type;
  }

  /// The same number as an `f32`.
  String widenText() {
    return "func.func private @\"%s\"(%%x: %s) -> f32 {\n%s  return %%r : f32\n}\n".formatted(widenName(), type,
        switch (this) {
          case F16 -> "  %r = arith.extf %x : f16 to f32\n";
          case BF16 -> """
                %bits = arith.bitcast %x : bf16 to i16
                %wide = arith.extui %bits : i16 to i32
                %16 = arith.constant 16 : i32
                %placed = arith.shli %wide, %16 : i32
                %r = arith.bitcast %placed : i32 to f32
              """;
          // The same bits one place further are an f16: five bits of exponent with the same bias.
          case F8_E5M2 -> """
                %bits = arith.bitcast %x : f8E5M2 to i8
                %wide = arith.extui %bits : i8 to i16
                %8 = arith.constant 8 : i16
                %placed = arith.shli %wide, %8 : i16
                %half = arith.bitcast %placed : i16 to f16
                %r = arith.extf %half : f16 to f32
              """;
          // The magnitude as the low bits of an f16 with a bias of 15 instead of 7: 256 times too small.
          case F8_E4M3FN -> """
                %bits = arith.bitcast %x : f8E4M3FN to i8
                %wide = arith.extui %bits : i8 to i16
                %magnitude_mask = arith.constant 0x7F : i16
                %magnitude = arith.andi %wide, %magnitude_mask : i16
                %7 = arith.constant 7 : i16
                %placed = arith.shli %magnitude, %7 : i16
                %half = arith.bitcast %placed : i16 to f16
                %small = arith.extf %half : f16 to f32
                %scale = arith.constant 256.0 : f32
                %scaled = arith.mulf %small, %scale : f32
                %is_nan = arith.cmpi eq, %magnitude, %magnitude_mask : i16
                %nan = arith.constant 0x7FC00000 : f32
                %absolute = arith.select %is_nan, %nan, %scaled : f32
                %negative = arith.negf %absolute : f32
                %sign = arith.cmpi ugt, %wide, %magnitude_mask : i16
                %r = arith.select %sign, %negative, %absolute : f32
              """;
        });
  }
}
