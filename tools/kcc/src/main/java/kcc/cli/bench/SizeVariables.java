// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.launcher.SizeExpression;

/// Puts the values of a sweep's variables where a line of a benchmark list names them.
///
/// What is not an expression over these variables stays as it is: `bf16` in `-D T=bf16` is no variable.
public record SizeVariables(Map<String, Long> values) {
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Set<String> FUNCTIONS = Set.of("pow2", "min", "max", "ceildiv", "floordiv", "mod");

  /// Sums and products of numbers alone, but not a number alone.
  private static final Pattern ARITHMETIC = Pattern.compile("[0-9]+\\s*[-+*/%].*[0-9)]");

  private static final Pattern GENERATOR = Pattern.compile("([a-z0-9]+)\\s*\\((.*)\\)([^()]*)", Pattern.DOTALL);

  /// The value of an expression as text, or the text itself.
  String in(String text) {
    return isExpression(text) ? Long.toString(SizeExpression.evaluate(text.strip(), values)) : text;
  }

  private boolean isExpression(String text) {
    boolean named = false;
    Matcher names = NAME.matcher(text);
    while (names.find()) {
      // A letter behind a digit belongs to a number such as 0x10 or 1e-3.
      if (names.start() > 0 && Character.isDigit(text.charAt(names.start() - 1))) {
        return false;
      }
      if (!values.containsKey(names.group()) && !FUNCTIONS.contains(names.group())) {
        return false;
      }
      named = true;
    }
    return named || ARITHMETIC.matcher(text.strip()).matches();
  }

  /// An argument `NAME=VALUE`: in an array such as `random(M, 2*N)`, every extent is an expression of its own.
  public String inArgument(String text) {
    int equals = text.indexOf('=');
    if (equals < 0) {
      return text;
    }
    String value = text.substring(equals + 1);
    Matcher generator = GENERATOR.matcher(value.strip());
    if (!generator.matches() || FUNCTIONS.contains(generator.group(1))) {
      return text.substring(0, equals + 1) + in(value);
    }
    List<String> parts = new ArrayList<>();
    for (String part : parts(generator.group(2))) {
      int key = part.indexOf('=');
      parts.add(part.substring(0, key + 1) + in(part.substring(key + 1)));
    }
    return text.substring(0, equals + 1) + generator.group(1) + "(" + String.join(",", parts) + ")" + generator.group(3);
  }

  /// Splits at commas outside of parentheses.
  static List<String> parts(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
      if (letter == ',' && depth == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
