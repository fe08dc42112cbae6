// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;

/// Types of single elements, in both spellings.
///
/// Kinds order promotion between a compile-time number and a tile: bool < integer < floating.
public enum ElementType {
  BOOL("bool", 1, Kind.BOOL, false, "int1", "i1", "u1"),
  I8("i8", 8, Kind.INTEGER, true, "int8"),
  I16("i16", 16, Kind.INTEGER, true, "int16"),
  I32("i32", 32, Kind.INTEGER, true, "int32"),
  I64("i64", 64, Kind.INTEGER, true, "int64"),
  U8("u8", 8, Kind.INTEGER, false, "uint8"),
  U16("u16", 16, Kind.INTEGER, false, "uint16"),
  U32("u32", 32, Kind.INTEGER, false, "uint32"),
  U64("u64", 64, Kind.INTEGER, false, "uint64"),
  F8E4M3("f8e4m3", 8, Kind.FLOATING, true, "float8e4nv", "fp8e4nv"),
  F8E5M2("f8e5m2", 8, Kind.FLOATING, true, "float8e5", "fp8e5"),
  F16("f16", 16, Kind.FLOATING, true, "float16", "fp16", "half"),
  BF16("bf16", 16, Kind.FLOATING, true, "bfloat16"),
  F32("f32", 32, Kind.FLOATING, true, "float32", "fp32"),
  F64("f64", 64, Kind.FLOATING, true, "float64", "fp64");

  public enum Kind { BOOL, INTEGER, FLOATING }

  private final String text;
  private final int bits;
  private final Kind kind;
  private final boolean signed;
  private final List<String> otherNames;

  ElementType(String text, int bits, Kind kind, boolean signed, String... otherNames) {
    this.text = text;
    this.bits = bits;
    this.kind = kind;
    this.signed = signed;
    this.otherNames = List.of(otherNames);
  }

  /// The native name, which is also the one in messages, attributes and manifests.
  public String text() {
    return text;
  }

  /// The name under `triton.language`.
  public String tritonName() {
    return otherNames.getFirst();
  }

  /// All names beside the native one, Triton's first.
  List<String> otherNames() {
    return otherNames;
  }

  public int bits() {
    return bits;
  }

  public Kind kind() {
    return kind;
  }

  /// False for bool: it counts as an unsigned integer of one bit.
  public boolean isSigned() {
    return signed;
  }

  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  /// Integers and bool.
  public boolean isInteger() {
    return kind != Kind.FLOATING;
  }

  public boolean isFloat8() {
    return isFloating() && bits == 8;
  }

  /// The type with one of the names it has in any spelling, or null.
  public static ElementType named(String name) {
    for (ElementType type : values()) {
      if (type.text.equals(name) || type.otherNames.contains(name)) {
        return type;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return text;
  }
}
