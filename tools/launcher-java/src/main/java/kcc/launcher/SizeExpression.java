// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.util.Map;
import java.util.function.LongBinaryOperator;

/**
 * Evaluates the integer expressions of a manifest: grid extents and launch conditions over sizes and scalar arguments.
 *
 * <p>Grammar, loosest first: one comparison ({@code == != < <= > >=}), sums, products ({@code * // % floordiv ceildiv
 * mod}), a sign, then numbers, names, parentheses and the calls {@code ceildiv(a, b)}, {@code min(a, b)}, {@code max(a,
 * b)}, and {@code pow2(a)}, the least power of two that is not below. Division rounds down; comparisons give 1 or 0.
 * Overflow of 64 bits is an error.
 */
public final class SizeExpression {
  private final String text;
  private final Map<String, Long> values;
  private int position;

  private SizeExpression(String text, Map<String, Long> values) {
    this.text = text;
    this.values = values;
  }

  /** The value of the expression with these values of its names. */
  public static long evaluate(String text, Map<String, Long> values) {
    SizeExpression reader = new SizeExpression(text, values);
    try {
      long value = reader.comparison();
      reader.skipSpace();
      if (reader.position < text.length()) {
        throw reader.error("'" + text.charAt(reader.position) + "' is unexpected");
      }
      return value;
    } catch (ArithmeticException overflow) {
      throw new LauncherException(
          "'%s' does not fit 64 bits or divides by zero with %s".formatted(text, values), overflow);
    }
  }

  private long comparison() {
    long left = sum();
    if (take("==")) {
      return left == sum() ? 1 : 0;
    } else if (take("!=")) {
      return left != sum() ? 1 : 0;
    } else if (take("<=")) {
      return left <= sum() ? 1 : 0;
    } else if (take(">=")) {
      return left >= sum() ? 1 : 0;
    } else if (take("<")) {
      return left < sum() ? 1 : 0;
    } else if (take(">")) {
      return left > sum() ? 1 : 0;
    }
    return left;
  }

  private long sum() {
    long left = product();
    while (true) {
      if (take("+")) {
        left = Math.addExact(left, product());
      } else if (take("-")) {
        left = Math.subtractExact(left, product());
      } else {
        return left;
      }
    }
  }

  private long product() {
    long left = unary();
    while (true) {
      if (take("*")) {
        left = Math.multiplyExact(left, unary());
      } else if (take("//") || takeWord("floordiv")) {
        left = Math.floorDiv(left, unary());
      } else if (takeWord("ceildiv")) {
        left = ceilDiv(left, unary());
      } else if (take("%") || takeWord("mod")) {
        left = Math.floorMod(left, unary());
      } else {
        return left;
      }
    }
  }

  private long unary() {
    return take("-") ? Math.negateExact(unary()) : primary();
  }

  private long primary() {
    if (take("(")) {
      long value = comparison();
      expect(")");
      return value;
    }
    int start = position;
    while (position < text.length() && Character.isJavaIdentifierPart(text.charAt(position))) {
      position++;
    }
    String token = text.substring(start, position);
    if (token.isEmpty()) {
      throw error(position < text.length() ? "'" + text.charAt(position) + "' is unexpected" : "it ends too early");
    }
    if (Character.isDigit(token.charAt(0))) {
      try {
        return Long.parseLong(token);
      } catch (NumberFormatException notANumber) {
        throw error("'" + token + "' is no 64-bit integer");
      }
    }
    return switch (token) {
      case "ceildiv" -> call(SizeExpression::ceilDiv);
      case "min" -> call(Math::min);
      case "max" -> call(Math::max);
      case "pow2" -> leastPowerOfTwo();
      default -> {
        Long value = values.get(token);
        if (value == null) {
          throw error("no value is known for '" + token + "'");
        }
        yield value;
      }
    };
  }

  private long call(LongBinaryOperator function) {
    expect("(");
    long first = comparison();
    expect(",");
    long second = comparison();
    expect(")");
    return function.applyAsLong(first, second);
  }

  /** Not in manifests: benchmark lists write the tile of a row with it. */
  private long leastPowerOfTwo() {
    expect("(");
    long value = comparison();
    expect(")");
    if (value > 1L << 62) {
      throw new ArithmeticException("no power of two");
    }
    return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  private static long ceilDiv(long a, long b) {
    return Math.negateExact(Math.floorDiv(Math.negateExact(a), b));
  }

  private boolean take(String symbol) {
    skipSpace();
    if (text.startsWith(symbol, position)) {
      position += symbol.length();
      return true;
    }
    return false;
  }

  private boolean takeWord(String word) {
    skipSpace();
    int end = position + word.length();
    boolean whole = end >= text.length() || !Character.isJavaIdentifierPart(text.charAt(end));
    return whole && take(word);
  }

  private void expect(String symbol) {
    if (!take(symbol)) {
      throw error("'" + symbol + "' is missing at position " + position);
    }
  }

  private void skipSpace() {
    while (position < text.length() && text.charAt(position) == ' ') {
      position++;
    }
  }

  private LauncherException error(String what) {
    return new LauncherException("expression '%s': %s".formatted(text, what));
  }
}
