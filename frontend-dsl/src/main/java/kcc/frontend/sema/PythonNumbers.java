// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import kcc.frontend.syntax.BinaryOperator;
import kcc.frontend.syntax.ComparisonOperator;
import kcc.frontend.syntax.UnaryOperator;

/// Arithmetic on compile-time values, as Python does it: integers of any size, `/` gives a float, `//` and `%` round
/// down. Every method answers null where Python would raise a TypeError, and throws ArithmeticException with Python's
/// reason where it would raise another error.
final class PythonNumbers {
  // 2**(10**9) must be an error, not a machine that runs out of memory.
  private static final int MAX_BITS = 1 << 16;

  private PythonNumbers() {}

  static Object binary(BinaryOperator operator, Object left, Object right) {
    if (left instanceof String a && right instanceof String b) {
      return operator == BinaryOperator.ADD ? a + b : null;
    }
    if (!isNumber(left) || !isNumber(right)) {
      return null;
    }
    if (left instanceof Boolean a && right instanceof Boolean b) {
      switch (operator) {
        case BIT_AND -> {
          return a & b;
        }
        case BIT_OR -> {
          return a | b;
        }
        case BIT_XOR -> {
          return a ^ b;
        }
        default -> { }
      }
    }
    if (left instanceof Double || right instanceof Double) {
      return floating(operator, toDouble(left), toDouble(right));
    }
    return integer(operator, toInteger(left), toInteger(right));
  }

  private static Object integer(BinaryOperator operator, BigInteger a, BigInteger b) {
    return switch (operator) {
      case ADD -> a.add(b);
      case SUBTRACT -> a.subtract(b);
      case MULTIPLY -> {
        checkSize((long) a.bitLength() + b.bitLength());
        yield a.multiply(b);
      }
      case DIVIDE -> {
        checkDivisor(b.signum() == 0);
        yield new BigDecimal(a).divide(new BigDecimal(b), java.math.MathContext.DECIMAL128).doubleValue();
      }
      case FLOOR_DIVIDE -> {
        checkDivisor(b.signum() == 0);
        yield floorDivide(a, b);
      }
      case MODULO -> {
        checkDivisor(b.signum() == 0);
        yield a.subtract(floorDivide(a, b).multiply(b));
      }
      case POWER -> {
        if (b.signum() < 0) {
          checkDivisor(a.signum() == 0);
          yield Math.pow(a.doubleValue(), b.doubleValue());
        }
        checkSize(b.bitLength() > 31 ? Long.MAX_VALUE : (long) a.bitLength() * b.intValue());
        yield a.pow(b.intValue());
      }
      case SHIFT_LEFT -> {
        checkShift(b);
        checkSize(b.bitLength() > 31 ? Long.MAX_VALUE : (long) a.bitLength() + b.intValue());
        yield a.shiftLeft(b.intValue());
      }
      case SHIFT_RIGHT -> {
        checkShift(b);
        yield b.bitLength() > 31 ? BigInteger.valueOf(a.signum() < 0 ? -1 : 0) : a.shiftRight(b.intValue());
      }
      case BIT_AND -> a.and(b);
      case BIT_OR -> a.or(b);
      case BIT_XOR -> a.xor(b);
      case MATRIX_MULTIPLY -> null;
    };
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    return parts[1].signum() != 0 && parts[1].signum() != b.signum() ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static Object floating(BinaryOperator operator, double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> {
        checkDivisor(b == 0);
        yield a / b;
      }
      case FLOOR_DIVIDE -> {
        checkDivisor(b == 0);
        yield Math.floor(a / b);
      }
      case MODULO -> {
        checkDivisor(b == 0);
        double remainder = a % b;
        yield remainder != 0 && remainder < 0 != b < 0 ? remainder + b : remainder;
      }
      case POWER -> Math.pow(a, b);
      case SHIFT_LEFT, SHIFT_RIGHT, BIT_AND, BIT_OR, BIT_XOR, MATRIX_MULTIPLY -> null;
    };
  }

  private static void checkDivisor(boolean zero) {
    if (zero) {
      throw new ArithmeticException("division by zero");
    }
  }

  private static void checkShift(BigInteger shift) {
    if (shift.signum() < 0) {
      throw new ArithmeticException("negative shift count");
    }
  }

  private static void checkSize(long bits) {
    if (bits > MAX_BITS) {
      throw new ArithmeticException("the result has more than " + MAX_BITS + " bits");
    }
  }

  static Object unary(UnaryOperator operator, Object operand) {
    return switch (operator) {
      case NOT -> !truth(operand);
      case MINUS -> !isNumber(operand) ? null : operand instanceof Double d ? (Object) (-d) : toInteger(operand).negate();
      case PLUS -> !isNumber(operand) ? null : operand instanceof Double ? operand : toInteger(operand);
      case INVERT -> !isNumber(operand) || operand instanceof Double ? null : toInteger(operand).not();
    };
  }

  static Boolean compare(ComparisonOperator operator, Object left, Object right) {
    switch (operator) {
      case EQUAL -> {
        return equal(left, right);
      }
      case NOT_EQUAL -> {
        return !equal(left, right);
      }
      case IS -> {
        return left == right || equal(left, right) && left.getClass() == right.getClass();
      }
      case IS_NOT -> {
        return !compare(ComparisonOperator.IS, left, right);
      }
      case IN, NOT_IN -> {
        return left instanceof String part && right instanceof String whole
            ? whole.contains(part) == (operator == ComparisonOperator.IN) : null;
      }
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> { }
    }
    int order;
    if (left instanceof String a && right instanceof String b) {
      order = a.compareTo(b);
    } else if (isNumber(left) && isNumber(right)) {
      if (left instanceof Double a && a.isNaN() || right instanceof Double b && b.isNaN()) {
        return false;
      }
      order = order(left, right);
    } else {
      return null;
    }
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private static boolean equal(Object left, Object right) {
    if (isNumber(left) && isNumber(right)) {
      if (left instanceof Double a && a.isNaN() || right instanceof Double b && b.isNaN()) {
        return false;
      }
      return order(left, right) == 0;
    }
    return left.equals(right);
  }

  private static int order(Object left, Object right) {
    if (left instanceof Double || right instanceof Double) {
      double a = toDouble(left);
      double b = toDouble(right);
      // Both zeros are equal; Double.compare would tell them apart.
      return a < b ? -1 : a > b ? 1 : 0;
    }
    return toInteger(left).compareTo(toInteger(right));
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean b -> b;
      case BigInteger i -> i.signum() != 0;
      case Double d -> d != 0;
      case String s -> !s.isEmpty();
      case List<?> list -> !list.isEmpty();
      default -> value != Value.NONE;
    };
  }

  static boolean isNumber(Object value) {
    return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
  }

  static double toDouble(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1 : 0;
      case BigInteger i -> i.doubleValue();
      default -> (Double) value;
    };
  }

  static BigInteger toInteger(Object value) {
    return value instanceof Boolean b ? b ? BigInteger.ONE : BigInteger.ZERO : (BigInteger) value;
  }

  /// As Python's repr writes it.
  static String text(Object value) {
    return switch (value) {
      case Boolean b -> b ? "True" : "False";
      case String s -> "'" + s + "'";
      case Double d when d.isInfinite() -> d > 0 ? "inf" : "-inf";
      case Double d when d.isNaN() -> "nan";
      default -> value.toString();
    };
  }
}
