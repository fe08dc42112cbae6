// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.launcher.LauncherException;
import kcc.launcher.SizeExpression;

/**
 * Draws sizes: first all at their least, then each at the greatest that there is room for, then mixtures of 1, small,
 * prime, even, aligned and great ones, powers of two and their neighbours, and the limits themselves.
 */
final class SizeDrawer {
  private static final int TRIES = 4000;
  private static final long LONG_ROW = 4096;
  private static final Pattern UPPER = Pattern.compile("\\s*(\\w+)\\s*(<=?)\\s*([0-9]{1,18})\\s*");
  private static final Pattern LOWER = Pattern.compile("\\s*(\\w+)\\s*(>=?)\\s*([0-9]{1,18})\\s*");
  private static final Pattern MULTIPLE = Pattern.compile("\\s*(\\w+)\\s*(?:%|mod)\\s*([0-9]{1,9})\\s*==\\s*0\\s*");

  private static final Pattern EQUAL = Pattern.compile("\\s*(\\w+)\\s*==([^=]+)");
  private static final Set<String> FUNCTIONS = Set.of("ceildiv", "floordiv", "mod", "min", "max");

  private final String kernel;
  private final Map<String, SizeRange> ranges = new LinkedHashMap<>();
  private final List<String> conditions;
  /** Sizes that a condition gives, such as the number of blocks of a row. */
  private final Map<String, String> computed = new LinkedHashMap<>();

  private final UnaryOperator<Map<String, Long>> known;
  private final long elements;
  private final ToLongFunction<Map<String, Long>> elementsOf;

  /**
   * @param ranges by size, in the order of the kernel
   * @param conditions that must be met; those about what is not known here are left to the launch
   * @param known what conditions may name, given some sizes
   * @param elements the most elements there is room for
   * @param elementsOf how many elements all arrays have with some sizes
   */
  SizeDrawer(
      String kernel,
      Map<String, SizeRange> ranges,
      List<String> conditions,
      UnaryOperator<Map<String, Long>> known,
      long elements,
      ToLongFunction<Map<String, Long>> elementsOf) {
    this.kernel = kernel;
    this.conditions = conditions;
    this.known = known;
    this.elements = elements;
    this.elementsOf = elementsOf;
    ranges.forEach((name, range) -> this.ranges.put(name, tightened(name, range)));
    for (String condition : conditions) {
      Matcher equal = EQUAL.matcher(condition);
      if (equal.matches() && ranges.containsKey(equal.group(1)) && isComputable(equal.group(2))) {
        computed.put(equal.group(1), equal.group(2));
      }
    }
  }

  /** Simple conditions narrow the range, so that their limits are among what is drawn. */
  private SizeRange tightened(String name, SizeRange written) {
    SizeRange range = written;
    for (String condition : conditions) {
      Matcher upper = UPPER.matcher(condition);
      if (upper.matches() && upper.group(1).equals(name)) {
        range = range.atMost(Long.parseLong(upper.group(3)) - (upper.group(2).equals("<") ? 1 : 0));
      }
      Matcher lower = LOWER.matcher(condition);
      if (lower.matches() && lower.group(1).equals(name)) {
        range = range.atLeast(Long.parseLong(lower.group(3)) + (lower.group(2).equals(">") ? 1 : 0));
      }
      Matcher multiple = MULTIPLE.matcher(condition);
      if (multiple.matches() && multiple.group(1).equals(name)) {
        range = range.multiplesOf(Long.parseLong(multiple.group(2)));
      }
    }
    if (range.isEmpty()) {
      throw new LauncherException(
          "kernel '%s' takes no size %s from %s: it needs %s; give another range with --size %s=..."
              .formatted(kernel, name, written, String.join(", ", conditions), name));
    }
    return range;
  }

  /** Whether an expression only has sizes that are drawn. */
  private boolean isComputable(String expression) {
    Map<String, Long> drawn = new LinkedHashMap<>();
    ranges.keySet().stream().filter(name -> !computed.containsKey(name)).forEach(name -> drawn.put(name, 1L));
    return isKnown(expression, drawn);
  }

  /** The sizes of case {@code index}. */
  Map<String, Long> draw(int index, Draws draws) {
    List<String> names = List.copyOf(ranges.keySet());
    for (int attempt = 0; attempt < TRIES; attempt++) {
      Map<String, Long> sizes = new LinkedHashMap<>();
      // Conditions may exclude a corner; then the case becomes one of the others.
      boolean corner = attempt == 0 && index <= names.size();
      long room = Math.max(1, elements >> attempt / 40);
      if (corner) {
        drawCorner(names, index, sizes);
      } else {
        drawMixture(names, room, draws, sizes);
      }
      computed.forEach((name, expression) -> sizes.put(name, SizeExpression.evaluate(expression, sizes)));
      if (holds(sizes)) {
        return sizes;
      }
    }
    throw new LauncherException(
        "no sizes were found for kernel '%s' with %s, at most %d elements and %s; give other ranges with --size"
            .formatted(kernel, ranges, elements, conditions.isEmpty() ? "no conditions" : String.join(", ", conditions)));
  }

  /**
   * Sizes for arrays of many rows.
   *
   * @param rows the size that counts them
   * @param count how many there are
   * @param less by how much the other sizes stay below their greatest, in steps
   * @return null when the conditions do not allow them
   */
  Map<String, Long> drawMany(String rows, long count, int less) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    ranges.forEach((name, range) -> {
      long greatest = range.greatest(LONG_ROW);
      sizes.put(name, name.equals(rows) ? count : Math.max(range.least(), greatest - less * range.multiple()));
    });
    computed.forEach((name, expression) -> sizes.put(name, SizeExpression.evaluate(expression, sizes)));
    return meetsConditions(sizes) ? sizes : null;
  }

  private void drawCorner(List<String> names, int index, Map<String, Long> sizes) {
    for (String name : names) {
      sizes.put(name, ranges.get(name).least());
    }
    if (index > 0) {
      String name = names.get(index - 1);
      SizeRange range = ranges.get(name);
      long limit = range.high();
      sizes.put(name, range.greatest(limit));
      while (limit > range.low() && elementsOf.applyAsLong(sizes) > elements) {
        limit /= 2;
        sizes.put(name, range.greatest(limit));
      }
    }
  }

  private void drawMixture(List<String> names, long room, Draws draws, Map<String, Long> sizes) {
    List<String> open = new ArrayList<>(names);
    long left = room;
    while (!open.isEmpty()) {
      String name = open.remove((int) draws.below(open.size()));
      SizeRange range = ranges.get(name);
      long value = draw(range, Math.max(range.least(), left), draws);
      sizes.put(name, value);
      left = Math.max(1, left / Math.max(1, value));
    }
    // In the kernel's order, for messages.
    Map<String, Long> drawn = Map.copyOf(sizes);
    sizes.clear();
    names.forEach(name -> sizes.put(name, drawn.get(name)));
  }

  private static long draw(SizeRange range, long limit, Draws draws) {
    long least = range.least();
    long greatest = range.greatest(limit);
    long scale = logarithmic(least, greatest, draws);
    long value =
        switch ((int) draws.below(12)) {
          case 0 -> least;
          case 1 -> greatest;
          case 2 -> greatest - range.multiple();
          case 3 -> draws.between(1, 17);
          case 4 -> prime(scale);
          case 5 -> Long.highestOneBit(Math.max(1, scale));
          case 6 -> Long.highestOneBit(Math.max(1, scale)) + 1;
          case 7 -> Long.highestOneBit(Math.max(1, scale)) - 1;
          case 8, 9 -> scale / 16 * 16;
          case 10 -> scale | 1;
          default -> scale;
        };
    long rounded = value / range.multiple() * range.multiple();
    return Math.min(Math.max(rounded, least), greatest);
  }

  /** As many of a few hundred as of a few thousand: small sizes have most of the corner cases. */
  private static long logarithmic(long low, long high, Draws draws) {
    double from = StrictMath.log(low + 1.0);
    double to = StrictMath.log(high + 1.0);
    return Math.round(StrictMath.exp(from + (to - from) * draws.unit()) - 1);
  }

  private static long prime(long from) {
    for (long candidate = Math.max(2, from); candidate > 2; candidate--) {
      boolean prime = candidate % 2 != 0;
      for (long divisor = 3; prime && divisor * divisor <= candidate; divisor += 2) {
        prime = candidate % divisor != 0;
      }
      if (prime) {
        return candidate;
      }
    }
    return 2;
  }

  private boolean holds(Map<String, Long> sizes) {
    for (Map.Entry<String, SizeRange> entry : ranges.entrySet()) {
      if (!entry.getValue().holds(sizes.get(entry.getKey()))) {
        return false;
      }
    }
    return meetsConditions(sizes) && elementsOf.applyAsLong(sizes) <= elements;
  }

  private boolean meetsConditions(Map<String, Long> sizes) {
    Map<String, Long> values = known.apply(sizes);
    for (String condition : conditions) {
      if (isKnown(condition, values) && SizeExpression.evaluate(condition, values) == 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnown(String condition, Map<String, Long> values) {
    for (String word : condition.split("[^\\p{L}\\p{N}_]+")) {
      boolean isName = !word.isEmpty() && !Character.isDigit(word.charAt(0)) && !FUNCTIONS.contains(word);
      if (isName && !values.containsKey(word)) {
        return false;
      }
    }
    return true;
  }
}
