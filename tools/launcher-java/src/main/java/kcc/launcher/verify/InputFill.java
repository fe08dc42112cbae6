// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.Map;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.LauncherException;
import kcc.launcher.SizeExpression;
import kcc.launcher.verify.ArgumentSource.ArraySource;

/** Fills the arrays of a case. */
final class InputFill {
  private final Distribution distribution;
  private final Map<String, Long> sizes;

  InputFill(Distribution distribution, Map<String, Long> sizes) {
    this.distribution = distribution;
    this.sizes = sizes;
  }

  void fill(HostArray array, ArraySource source, Draws draws) {
    switch (source.generator()) {
      case RANDOM -> random(array, distribution, draws);
      case FINITE -> random(array, distribution.finite(), draws);
      case USUAL -> random(array, distribution.usual(), draws);
      case NORMAL -> each(array, () -> draws.normal() * source.value());
      case UNIFORM -> each(array, () -> draws.unit() * source.value());
      case POSITIVE -> each(array, () -> (1 + 15 * draws.unit()) / 16 * source.value());
      case DISTINCT -> distinct(array, draws);
      case INDEX -> index(array, source, draws);
      case ZEROS -> { }
      case ONES -> each(array, () -> 1);
      case FULL -> each(array, () -> source.value());
      case ARANGE -> {
        for (long i = 0; i < array.elementCount(); i++) {
          array.set(i, i);
        }
      }
    }
  }

  private interface Number {
    double draw();
  }

  private static void each(HostArray array, Number number) {
    for (long i = 0; i < array.elementCount(); i++) {
      array.set(i, number.draw());
    }
  }

  private static void random(HostArray array, Distribution distribution, Draws draws) {
    ElementType type = array.type();
    if (type.isFloat()) {
      distribution.fill(array, draws);
      return;
    }
    int bits = type == ElementType.BOOL ? 1 : 8 * type.bytes();
    boolean all = type == ElementType.BOOL || distribution == Distribution.WIDE;
    boolean signed = type.spelling().startsWith("i");
    for (long i = 0; i < array.elementCount(); i++) {
      long value = all ? draws.next() >>> 64 - bits : signed ? draws.between(-8, 7) : draws.between(0, 15);
      array.setLong(i, distribution == Distribution.ZEROS ? 0 : value);
    }
  }

  /** Multiples of 1/64 around zero, so that the order of all is known; wide types only tell them apart. */
  private static void distinct(HostArray array, Draws draws) {
    long count = array.elementCount();
    boolean isFloat = array.type().isFloat();
    long[] order = new long[Math.toIntExact(count)];
    for (int i = 0; i < count; i++) {
      int other = (int) draws.below(i + 1L);
      order[i] = order[other];
      order[other] = i;
    }
    for (int i = 0; i < count; i++) {
      long value = order[i] - count / 2;
      if (isFloat) {
        array.set(i, value / 64.0);
      } else {
        array.setLong(i, value);
      }
    }
  }

  private void index(HostArray array, ArraySource source, Draws draws) {
    long bound = SizeExpression.evaluate(source.below(), sizes);
    long low = SizeExpression.evaluate(source.low(), sizes);
    if (bound <= low && array.elementCount() > 0) {
      throw new LauncherException(
          "there is no index from %d to below %s, which is %d with %s".formatted(low, source.below(), bound, sizes));
    }
    for (long i = 0; i < array.elementCount(); i++) {
      // The ends of the range often.
      array.setLong(i, draws.oneIn(32) ? low : draws.oneIn(32) ? bound - 1 : draws.between(low, bound - 1));
    }
  }
}
