// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// The type two operands meet in. Triton's rules (`TritonSemantic.computation_type_impl`, triton 3.x), for both
/// spellings:
///
/// 0. A compile-time number beside a runtime value of the same or a higher kind (bool < integer < floating) takes
///    that value's type.
/// 1. f64 wins, then f32, then f16 (f32 for `/` and `%`).
/// 2. bf16 stays bf16 only when both are bf16 and the operation is neither `/` nor `%`; otherwise f32.
/// 3. Two different fp8 types meet in f16.
/// 4. Integers: the wider one; of different signs the unsigned one when it is at least as wide. `/`, `//` and `%`
///    refuse different signs.
final class Promotion {
  private Promotion() {}

  /// Null when the operation refuses the pair because of their signs.
  static ElementType meet(
      ElementType a, boolean aIsNumber, ElementType b, boolean bIsNumber, boolean division) {
    if (aIsNumber != bIsNumber) {
      ElementType number = aIsNumber ? a : b;
      ElementType value = aIsNumber ? b : a;
      if (number.kind().compareTo(value.kind()) <= 0) {
        return division && (value == ElementType.F16 || value == ElementType.BF16) ? ElementType.F32 : value;
      }
    }
    if (a == ElementType.F64 || b == ElementType.F64) {
      return ElementType.F64;
    }
    if (a == ElementType.F32 || b == ElementType.F32) {
      return ElementType.F32;
    }
    if (a == ElementType.F16 || b == ElementType.F16) {
      return division ? ElementType.F32 : ElementType.F16;
    }
    if (a == ElementType.BF16 || b == ElementType.BF16) {
      return !division && a == b ? ElementType.BF16 : ElementType.F32;
    }
    if (a.isFloat8() && b.isFloat8()) {
      return a == b ? a : ElementType.F16;
    }
    if (a.isFloat8() || b.isFloat8()) {
      // Triton has no rule for fp8 with an integer; the floating type is the only one that keeps a fraction.
      return a.isFloat8() ? a : b;
    }
    if (division && a.isSigned() != b.isSigned()) {
      return null;
    }
    return meetIntegers(a, b);
  }

  static ElementType meetIntegers(ElementType a, ElementType b) {
    if (a.isSigned() == b.isSigned()) {
      return a.bits() > b.bits() ? a : b;
    }
    ElementType unsigned = a.isSigned() ? b : a;
    ElementType signed = a.isSigned() ? a : b;
    return unsigned.bits() >= signed.bits() ? unsigned : signed;
  }
}
