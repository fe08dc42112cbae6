// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.launcher.LauncherException;

/**
 * The values a size may take: {@code 7}, {@code 1..4096}, or multiples, as in {@code 16..4096%16}.
 *
 * @param multiple every value is a multiple of it, 1 or more
 */
public record SizeRange(long low, long high, long multiple) {
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,18})(?:\\.\\.([0-9]{1,18}))?(?:%([0-9]{1,9}))?");

  /** Whether a text is written like a range. */
  static boolean isRange(String text) {
    return TEXT.matcher(text).matches();
  }

  /** @param name the size, for messages */
  public static SizeRange parse(String name, String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new LauncherException(
          "'%s=%s' is no range of sizes; write %s=1..4096, or %s=16..4096%%16 for multiples of 16"
              .formatted(name, text, name, name));
    }
    long low = Long.parseLong(matcher.group(1));
    long high = matcher.group(2) == null ? low : Long.parseLong(matcher.group(2));
    long multiple = matcher.group(3) == null ? 1 : Long.parseLong(matcher.group(3));
    if (multiple == 0 || Math.floorDiv(high, multiple) * multiple < low) {
      throw new LauncherException("'%s=%s': no size lies in this range".formatted(name, text));
    }
    return new SizeRange(low, high, multiple);
  }

  /** The least value. */
  long least() {
    return -Math.floorDiv(-low, multiple) * multiple;
  }

  /** The greatest value that is not above the limit; the least one when all are. */
  long greatest(long limit) {
    return Math.max(least(), Math.floorDiv(Math.min(high, limit), multiple) * multiple);
  }

  boolean holds(long value) {
    return value >= low && value <= high && value % multiple == 0;
  }

  /** The same with a further upper limit. */
  SizeRange atMost(long limit) {
    return new SizeRange(low, Math.min(high, limit), multiple);
  }

  SizeRange atLeast(long limit) {
    return new SizeRange(Math.max(low, limit), high, multiple);
  }

  /** The same restricted to multiples of a further number. */
  SizeRange multiplesOf(long divisor) {
    long a = multiple;
    long b = divisor;
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return new SizeRange(low, high, Math.multiplyExact(multiple / a, divisor));
  }

  boolean isEmpty() {
    return least() > high;
  }

  @Override
  public String toString() {
    return (low == high ? Long.toString(low) : low + ".." + high) + (multiple == 1 ? "" : "%" + multiple);
  }
}
