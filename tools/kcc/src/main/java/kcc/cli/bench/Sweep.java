// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.launcher.LauncherException;
import kcc.launcher.SizeExpression;

/// Variables of a benchmark and the values they take, for example
///
/// ```text
/// N=17..131072:40 M=67108864//N
/// ```
///
/// where N takes 40 values, M one for each of them. Several variables with several values give every combination.
public record Sweep(List<Variable> variables) {
  private static final Pattern VARIABLE = Pattern.compile("([\\p{L}_][\\p{L}\\p{N}_]*)=(.+)", Pattern.DOTALL);
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})\\.\\.([0-9]{1,18}):([0-9]{1,6})");
  private static final Pattern LIST = Pattern.compile("[0-9]{1,18}(,[0-9]{1,18})+");

  public static final Sweep NONE = new Sweep(List.of());

  /// @param values what it takes, or null when it is an expression over the variables before
  public record Variable(String name, List<Long> values, String expression) {}

  public static Sweep parse(List<String> words) {
    List<Variable> variables = new ArrayList<>();
    for (String word : words) {
      Matcher variable = VARIABLE.matcher(word);
      if (!variable.matches()) {
        throw new LauncherException(
            "'%s' is no variable: write N=17..131072:40, N=1024,4096 or M=67108864//N".formatted(word));
      }
      String name = variable.group(1);
      if (variables.stream().anyMatch(before -> before.name().equals(name))) {
        throw new LauncherException("variable '%s' is given twice".formatted(name));
      }
      String text = variable.group(2).strip();
      Matcher range = RANGE.matcher(text);
      if (range.matches()) {
        variables.add(new Variable(name, spread(number(range, 1), number(range, 2), (int) number(range, 3)), null));
      } else if (LIST.matcher(text).matches()) {
        variables.add(new Variable(name, List.of(text.split(",")).stream().map(Long::valueOf).toList(), null));
      } else {
        variables.add(new Variable(name, null, text));
      }
    }
    return new Sweep(List.copyOf(variables));
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }

  /// Evenly spread on a logarithmic axis, both ends among them. Every second value is made odd: what is fast for
  /// aligned sizes alone shall be seen.
  static List<Long> spread(long first, long last, int count) {
    if (first < 1 || last <= first || count < 2) {
      throw new LauncherException(
          "%d..%d:%d is no range: it begins at 1 or more, ends later, and has 2 values or more"
              .formatted(first, last, count));
    }
    Set<Long> values = new LinkedHashSet<>();
    for (int i = 0; i < count; i++) {
      double place = (double) i / (count - 1);
      long value = Math.round(first * Math.pow((double) last / first, place));
      boolean between = i > 0 && i < count - 1;
      values.add(between && i % 2 == 1 ? value | 1 : value);
    }
    return List.copyOf(values);
  }

  /// The values of all variables, for each combination; one empty one when there are no variables.
  List<Map<String, Long>> points() {
    List<Map<String, Long>> points = new ArrayList<>();
    extend(0, new LinkedHashMap<>(), points);
    return points;
  }

  private void extend(int next, Map<String, Long> known, List<Map<String, Long>> points) {
    if (next == variables.size()) {
      points.add(new LinkedHashMap<>(known));
      return;
    }
    Variable variable = variables.get(next);
    List<Long> values = variable.values() != null
        ? variable.values()
        : List.of(SizeExpression.evaluate(variable.expression(), known));
    for (long value : values) {
      known.put(variable.name(), value);
      extend(next + 1, known, points);
      known.remove(variable.name());
    }
  }
}
