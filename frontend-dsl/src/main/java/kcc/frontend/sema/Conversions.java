// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;

/// Numbers to runtime values, and element types into each other (Triton's `cast`: rounding to nearest even, integers
/// wrap, anything to bool compares with zero).
final class Conversions {
  private static final double SMALLEST_F32 = 0x1p-126;
  private static final double LARGEST_F32 = (2 - 0x1p-23) * 0x1p127;

  private final ProgramWriter writer;

  Conversions(ProgramWriter writer) {
    this.writer = writer;
  }

  /// The type a compile-time number has on its own: bool, the first of i32, u32, i64, u64 that holds it, f32 where
  /// its range suffices, else f64.
  ElementType naturalType(Object number) {
    return switch (number) {
      case Boolean _ -> ElementType.BOOL;
      case BigInteger integer -> {
        for (ElementType type : new ElementType[] {
            ElementType.I32, ElementType.U32, ElementType.I64, ElementType.U64}) {
          if (fits(integer, type)) {
            yield type;
          }
        }
        throw SemanticError.at(writer.place(), FrontEndCode.TYPE,
            "the number " + integer + " does not fit in 64 bits");
      }
      default -> {
        double magnitude = Math.abs((Double) number);
        boolean single = magnitude == 0 || !Double.isFinite(magnitude)
            || magnitude >= SMALLEST_F32 && magnitude <= LARGEST_F32;
        yield single ? ElementType.F32 : ElementType.F64;
      }
    };
  }

  static boolean fits(BigInteger value, ElementType type) {
    if (type == ElementType.BOOL) {
      return value.signum() >= 0 && value.bitLength() <= 1;
    }
    return type.isSigned() ? value.bitLength() < type.bits() : value.signum() >= 0 && value.bitLength() <= type.bits();
  }

  /// The number as a scalar or splat of `type`. An integer type must be able to hold it.
  Ssa materialize(Object number, ValueType type) {
    ElementType element = switch (type) {
      case ValueType.Scalar scalar -> scalar.element();
      case ValueType.Tile tile -> tile.element();
      case ValueType.Pointer _, ValueType.View _ -> throw new IllegalArgumentException("no number has the type " + type);
    };
    if (element.isFloating()) {
      return writer.constant(type, PythonNumbers.toDouble(number));
    }
    if (element == ElementType.BOOL) {
      return writer.constant(type, PythonNumbers.truth(number) ? BigInteger.ONE : BigInteger.ZERO);
    }
    if (number instanceof Double) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE,
          "the number " + PythonNumbers.text(number) + " is not a value of " + element,
          "convert it first, with int(...)");
    }
    BigInteger integer = PythonNumbers.toInteger(number);
    if (!fits(integer, element)) {
      throw SemanticError.at(writer.place(), FrontEndCode.TYPE, "the number " + integer + " does not fit in " + element
          + " (" + range(element) + ")", "convert the other operand to a wider type, with .to(...)");
    }
    return writer.constant(type, integer);
  }

  private static String range(ElementType type) {
    BigInteger span = BigInteger.ONE.shiftLeft(type.isSigned() ? type.bits() - 1 : type.bits());
    return (type.isSigned() ? span.negate() : BigInteger.ZERO) + " to " + span.subtract(BigInteger.ONE);
  }

  Ssa scalar(Object number) {
    return materialize(number, new ValueType.Scalar(naturalType(number)));
  }

  /// The same values in another element type.
  Ssa convert(Ssa value, ElementType to) {
    ElementType from = value.element();
    if (from == to) {
      return value;
    }
    ValueType type = value.type().withElement(to);
    if (to == ElementType.BOOL) {
      Ssa zero = from.isFloating() ? writer.constant(value.type(), 0.0) : writer.integer(value.type(), 0);
      return writer.compare(from.isFloating() ? Predicate.UNE : Predicate.NE, value, zero);
    }
    if (from.isFloating() && to.isFloating()) {
      return convertFloating(value, from, to, type);
    }
    if (from.isFloating()) {
      Ssa wide = from.bits() < 32 ? convert(value, ElementType.F32) : value;
      return writer.compute(to.isSigned() ? Elementwise.FPTOSI : Elementwise.FPTOUI, type, wide);
    }
    if (to.isFloating()) {
      if (to.bits() < 32) {
        return convert(convert(value, ElementType.F32), to);
      }
      return writer.compute(from.isSigned() ? Elementwise.SITOFP : Elementwise.UITOFP, type, value);
    }
    return convertInteger(value, from, to, type);
  }

  private Ssa convertFloating(Ssa value, ElementType from, ElementType to, ValueType type) {
    boolean neighbours = from.bits() == 32 || to.bits() == 32 || from.bits() == 64 && to.bits() == 16
        || from.bits() == 16 && to.bits() == 64;
    if (!neighbours) {
      // Between the small types, and from f64 to fp8, by way of f32: no target has the direct conversion.
      return convert(convert(value, ElementType.F32), to);
    }
    return writer.compute(from.bits() < to.bits() ? Elementwise.EXTF : Elementwise.TRUNCF, type, value);
  }

  private Ssa convertInteger(Ssa value, ElementType from, ElementType to, ValueType type) {
    Ssa result;
    if (from.bits() == to.bits()) {
      // Signedness is not part of the machine type: the same bits under another name.
      result = writer.compute(Elementwise.BITCAST, type, value);
    } else if (from.bits() > to.bits()) {
      return writer.compute(Elementwise.TRUNCI, type, value);
    } else {
      result = writer.compute(from.isSigned() ? Elementwise.EXTSI : Elementwise.EXTUI, type, value);
    }
    writer.know(result, writer.known(value));
    return result;
  }
}
