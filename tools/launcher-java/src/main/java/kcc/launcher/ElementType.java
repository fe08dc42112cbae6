// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The element types of kernel parameters, with how an element is stored in little-endian memory. */
public enum ElementType {
  BOOL("bool", 1),
  I8("i8", 1),
  I16("i16", 2),
  I32("i32", 4),
  I64("i64", 8),
  U8("u8", 1),
  U16("u16", 2),
  U32("u32", 4),
  U64("u64", 8),
  F16("f16", 2),
  BF16("bf16", 2),
  F32("f32", 4),
  F64("f64", 8),
  F8E4M3("f8e4m3", 1),
  F8E5M2("f8e5m2", 1);

  private final String spelling;
  private final int bytes;

  ElementType(String spelling, int bytes) {
    this.spelling = spelling;
    this.bytes = bytes;
  }

  public String spelling() {
    return spelling;
  }

  public int bytes() {
    return bytes;
  }

  public boolean isFloat() {
    return ordinal() >= F16.ordinal();
  }

  /** A few units in the last place: chips and tiles round sums in another order and have other exponentials. */
  public double tolerance() {
    return switch (this) {
      case F64 -> 1e-12;
      case F32 -> 1e-5;
      case F16 -> 2e-3;
      case BF16 -> 1.6e-2;
      case F8E4M3 -> 0.13;
      case F8E5M2 -> 0.26;
      case BOOL, I8, I16, I32, I64, U8, U16, U32, U64 -> 0;
    };
  }

  /** The type with this name. */
  public static ElementType of(String spelling) {
    for (ElementType type : values()) {
      if (type.spelling.equals(spelling)) {
        return type;
      }
    }
    throw new LauncherException(
        "'%s' is not an element type; known are %s"
            .formatted(
                spelling,
                Arrays.stream(values()).map(ElementType::spelling).collect(Collectors.joining(", "))));
  }

  /** The element as a double; integers beyond 2^53 lose their low bits, so use {@link #readLong} for those. */
  public double read(ByteBuffer buffer, int offset) {
    return switch (this) {
      case F16 -> FloatFormat.F16.decode(buffer.getShort(offset) & 0xffff);
      case BF16 -> FloatFormat.BF16.decode(buffer.getShort(offset) & 0xffff);
      case F32 -> buffer.getFloat(offset);
      case F64 -> buffer.getDouble(offset);
      case F8E4M3 -> FloatFormat.F8E4M3.decode(buffer.get(offset) & 0xff);
      case F8E5M2 -> FloatFormat.F8E5M2.decode(buffer.get(offset) & 0xff);
      case U64 -> unsignedToDouble(buffer.getLong(offset));
      case BOOL, I8, I16, I32, I64, U8, U16, U32 -> readLong(buffer, offset);
    };
  }

  /** The element of an integer type; unsigned 64-bit ones come as their two's complement bits. */
  long readLong(ByteBuffer buffer, int offset) {
    return switch (this) {
      case BOOL -> buffer.get(offset) == 0 ? 0 : 1;
      case I8 -> buffer.get(offset);
      case U8 -> buffer.get(offset) & 0xff;
      case I16 -> buffer.getShort(offset);
      case U16 -> buffer.getShort(offset) & 0xffff;
      case I32 -> buffer.getInt(offset);
      case U32 -> buffer.getInt(offset) & 0xffffffffL;
      case I64, U64 -> buffer.getLong(offset);
      case F16, BF16, F32, F64, F8E4M3, F8E5M2 -> (long) read(buffer, offset);
    };
  }

  void write(ByteBuffer buffer, int offset, double value) {
    switch (this) {
      case F16 -> buffer.putShort(offset, (short) FloatFormat.F16.encode(value));
      case BF16 -> buffer.putShort(offset, (short) FloatFormat.BF16.encode(value));
      case F32 -> buffer.putFloat(offset, (float) value);
      case F64 -> buffer.putDouble(offset, value);
      case F8E4M3 -> buffer.put(offset, (byte) FloatFormat.F8E4M3.encode(value));
      case F8E5M2 -> buffer.put(offset, (byte) FloatFormat.F8E5M2.encode(value));
      case BOOL, I8, I16, I32, I64, U8, U16, U32, U64 -> writeLong(buffer, offset, (long) value);
    }
  }

  void writeLong(ByteBuffer buffer, int offset, long value) {
    switch (this) {
      case BOOL -> buffer.put(offset, (byte) (value == 0 ? 0 : 1));
      case I8, U8 -> buffer.put(offset, (byte) value);
      case I16, U16 -> buffer.putShort(offset, (short) value);
      case I32, U32 -> buffer.putInt(offset, (int) value);
      case I64, U64 -> buffer.putLong(offset, value);
      case F16, BF16, F32, F64, F8E4M3, F8E5M2 -> write(buffer, offset, value);
    }
  }

  private static double unsignedToDouble(long bits) {
    return bits >= 0 ? bits : (double) (bits >>> 1 | bits & 1) * 2.0;
  }
}
