// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Values of numbers and strings as they are written.
final class LiteralReader {
  private final SyntaxErrors errors;

  LiteralReader(SyntaxErrors errors) {
    this.errors = errors;
  }

  Expression number(Span span, String written) {
    String text = written.replace("_", "").toLowerCase(Locale.ROOT);
    if (text.startsWith("0x")) {
      return new Expression.IntegerLiteral(span, new BigInteger(text.substring(2), 16));
    }
    if (text.startsWith("0o")) {
      return new Expression.IntegerLiteral(span, new BigInteger(text.substring(2), 8));
    }
    if (text.startsWith("0b")) {
      return new Expression.IntegerLiteral(span, new BigInteger(text.substring(2), 2));
    }
    if (text.endsWith("j")) {
      return new Expression.ImaginaryLiteral(span, written);
    }
    if (text.indexOf('.') >= 0 || text.indexOf('e') >= 0) {
      return new Expression.FloatLiteral(span, Double.parseDouble(text));
    }
    if (text.length() > 4300) {
      // CPython's own limit for decimal numbers.
      errors.add(span.line(), span.column(), "this number has more than 4300 digits", null);
      return new Expression.Erroneous(span);
    }
    return new Expression.IntegerLiteral(span, new BigInteger(text));
  }

  /// Neighbouring literals are one string.
  Expression string(Span span, List<TerminalNode> literals) {
    StringBuilder value = new StringBuilder();
    boolean format = false;
    boolean bytes = false;
    for (TerminalNode literal : literals) {
      String text = literal.getText();
      int start = 0;
      while (text.charAt(start) != '"' && text.charAt(start) != '\'') {
        start++;
      }
      String prefix = text.substring(0, start).toLowerCase(Locale.ROOT);
      format |= prefix.contains("f");
      bytes |= prefix.contains("b");
      String content = content(text.substring(start));
      value.append(prefix.contains("r") ? content : unescape(content));
    }
    if (bytes) {
      return new Expression.BytesLiteral(span, value.toString());
    }
    return format ? new Expression.FormatString(span, value.toString())
        : new Expression.StringLiteral(span, value.toString());
  }

  // A string that the source never closes has been reported and has no closing quotes to take off.
  private static String content(String quoted) {
    String quote = quoted.startsWith("\"\"\"") || quoted.startsWith("'''") ? quoted.substring(0, 3) : quoted.substring(0, 1);
    boolean closed = quoted.length() >= 2 * quote.length() && quoted.endsWith(quote);
    return quoted.substring(quote.length(), closed ? quoted.length() - quote.length() : quoted.length());
  }

  private static String unescape(String content) {
    if (content.indexOf('\\') < 0) {
      return content;
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < content.length()) {
      char character = content.charAt(i++);
      if (character != '\\' || i == content.length()) {
        out.append(character);
        continue;
      }
      char escaped = content.charAt(i++);
      switch (escaped) {
        case '\n' -> { }
        case '\r' -> i += i < content.length() && content.charAt(i) == '\n' ? 1 : 0;
        case 'n' -> out.append('\n');
        case 't' -> out.append('\t');
        case 'r' -> out.append('\r');
        case 'a' -> out.append('\u0007');
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'v' -> out.append('\u000B');
        case '\\', '\'', '"' -> out.append(escaped);
        case 'x' -> i = appendCode(content, i, 2, 16, out);
        case 'u' -> i = appendCode(content, i, 4, 16, out);
        case 'U' -> i = appendCode(content, i, 8, 16, out);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> i = appendOctal(content, i - 1, out);
        default -> out.append('\\').append(escaped);
      }
    }
    return out.toString();
  }

  private static int appendOctal(String content, int start, StringBuilder out) {
    int end = start;
    while (end < content.length() && end < start + 3 && content.charAt(end) >= '0' && content.charAt(end) <= '7') {
      end++;
    }
    out.appendCodePoint(Integer.parseInt(content.substring(start, end), 8));
    return end;
  }

  private static int appendCode(String content, int start, int digits, int radix, StringBuilder out) {
    int end = Math.min(start + digits, content.length());
    int code = 0;
    for (int i = start; i < end; i++) {
      int digit = Character.digit(content.charAt(i), radix);
      if (digit < 0) {
        return i;
      }
      code = code * radix + digit;
    }
    if (Character.isValidCodePoint(code)) {
      out.appendCodePoint(code);
    }
    return end;
  }
}
