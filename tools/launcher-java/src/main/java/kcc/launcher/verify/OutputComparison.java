// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.List;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.verify.Reference.Expected;

/** Compares an output of two launches with its reference; {@link Tolerances} says what errors are allowed. */
final class OutputComparison {
  /** Neighbours in memory that share a scale: less than most rows, more than chance can make small all at once. */
  private static final int BLOCK = 64;

  private static final double MOVES_ALLOWED = 8;
  private static final double ROUNDOFFS_ALLOWED = 16;

  /**
   * An output as a launch left it.
   *
   * @param poison what its bytes were before, null when it held something else
   */
  record Written(HostArray array, Byte poison) {
    boolean isUntouched(HostArray bits, long index) {
      return poison != null && bits.getLong(index) == Bits.pattern(array.type(), poison);
    }
  }

  private final String name;
  private final Expected expected;
  private final List<Written> launches;
  private final Tolerances tolerances;
  private final double depth;
  private final double cancelled;
  private final ElementType type;
  private final Formats.Rounding rounding;

  private double differences;
  private double squares;
  private double largestDifference;
  private double largestUlps;
  private double worstRatio = -1;
  private long worstIndex = -1;
  private double worstActual;
  private long undecided;
  private long failures;
  private String worstFailure;

  private OutputComparison(
      String name,
      Expected expected,
      List<Written> launches,
      Tolerances tolerances,
      double depth,
      double cancelled) {
    this.name = name;
    this.expected = expected;
    this.launches = launches;
    this.tolerances = tolerances;
    this.depth = depth;
    this.cancelled = cancelled;
    this.type = launches.get(0).array().type();
    this.rounding = new Formats.Rounding(type);
  }

  /**
   * Compares.
   *
   * @param launches at least one, all with the same inputs
   * @param depth how many times over roundings add up, 1 where no elements meet
   * @param cancelled the greatest of the numbers that cancel in the output, 0 when that is not so
   */
  static OutputResult of(
      String name,
      Expected expected,
      List<Written> launches,
      Tolerances tolerances,
      double depth,
      double cancelled) {
    return new OutputComparison(name, expected, launches, tolerances, depth, cancelled).compare();
  }

  private OutputResult compare() {
    long count = expected.value().elementCount();
    List<HostArray> bits = launches.stream().map(launch -> Bits.of(launch.array())).toList();
    for (long start = 0; start < count; start += BLOCK) {
      long end = Math.min(count, start + BLOCK);
      double nearby = type.isFloat() ? nearby(start, end) : 0;
      for (long index = start; index < end; index++) {
        boolean wanted = expected.isWritten(index);
        boolean failed = false;
        for (int i = 0; i < launches.size(); i++) {
          Written launch = launches.get(i);
          boolean untouched = launch.isUntouched(bits.get(i), index);
          if (wanted) {
            failed |= !checkValue(launch.array(), index, nearby, untouched);
          } else if (launch.poison() != null && !untouched) {
            failed = true;
            note(Double.POSITIVE_INFINITY, index, launch.array().get(index), "was written, the reference leaves it alone");
          }
        }
        failures += failed ? 1 : 0;
      }
    }
    double norm = squares == 0 ? Math.sqrt(differences) : Math.sqrt(differences / squares);
    return new OutputResult(
        name, count, norm, largestDifference, largestUlps, Math.max(0, worstRatio),
        worstIndex < 0 ? List.of() : expected.value().coordinates(worstIndex), worstActual,
        worstIndex < 0 ? 0 : expected.value().get(worstIndex), undecided, failures, worstFailure);
  }

  /** What rounding errors may be among neighbours: how far moved inputs moved them, and roundoffs of the largest. */
  private double nearby(long start, long end) {
    double moved = 0;
    double largest = 0;
    for (long index = start; index < end; index++) {
      double value = expected.value().get(index);
      if (Double.isFinite(value) && expected.isWritten(index)) {
        largest = Math.max(largest, Math.max(cancelled, Math.abs(value)));
        moved = Math.max(moved, move(index, value));
      }
    }
    return depth * (MOVES_ALLOWED * moved + ROUNDOFFS_ALLOWED * tolerances.unitRoundoff() * largest);
  }

  private double move(long index, double value) {
    double moved = 0;
    for (int i = 0; i < Reference.MOVES.size(); i++) {
      double other = expected.moved().get(i).get(index);
      if (Double.isFinite(other)) {
        moved = Math.max(moved, Math.abs(other - value) / (type.isFloat() ? Reference.MOVES.get(i) : 1));
      }
    }
    return moved;
  }

  private boolean checkValue(HostArray array, long index, double nearby, boolean untouched) {
    if (!type.isFloat()) {
      return checkInteger(array, index, untouched);
    }
    double actual = array.get(index);
    double wanted = expected.value().get(index);
    double rounded = rounding.of(wanted);
    if (isUndecided(index, wanted)) {
      undecided++;
      return true;
    }
    if (Double.isNaN(wanted) || Double.isInfinite(wanted)) {
      boolean right = Double.isNaN(wanted) ? Double.isNaN(actual) : actual == wanted || actual == rounded;
      // The type without infinities has NaN or its greatest number in their place.
      right |= !Double.isFinite(wanted) && type == ElementType.F8E4M3 && (Double.isNaN(actual) || isGreatest(actual, wanted));
      return right || fail(Double.POSITIVE_INFINITY, index, actual, wanted, 0, untouched);
    }
    double tolerance = tolerance(wanted, nearby);
    if (!Double.isFinite(rounded) || Math.abs(wanted) + tolerance > Formats.greatest(type)) {
      // Beyond the type's range, or at its end: what overflow gives, or the greatest number.
      boolean right = !Double.isFinite(actual) && !(Double.isInfinite(actual) && actual > 0 != wanted > 0);
      if (right || isGreatest(actual, wanted)) {
        return true;
      }
    }
    double difference = Math.abs(actual - wanted);
    if (!Double.isFinite(difference)) {
      return fail(Double.POSITIVE_INFINITY, index, actual, wanted, tolerance, untouched);
    }
    differences += difference * difference;
    squares += wanted * wanted;
    largestDifference = Math.max(largestDifference, difference);
    largestUlps = Math.max(largestUlps, difference / Formats.ulp(type, wanted));
    double ratio = tolerances.exact() ? actual == rounded ? 0 : Double.POSITIVE_INFINITY : difference / tolerance;
    return ratio <= 1 ? note(ratio, index, actual, null) : fail(ratio, index, actual, wanted, tolerance, untouched);
  }

  private double tolerance(double wanted, double nearby) {
    if (tolerances.exact()) {
      return 0;
    }
    // Arithmetic that takes denormal numbers for zero is off by less than the least normal one.
    double derived = Formats.ulp(type, wanted) + nearby + Formats.leastNormal(ElementType.F32);
    return Math.max(derived, tolerances.given(name, wanted));
  }

  private boolean isUndecided(long index, double wanted) {
    for (HostArray moved : expected.moved()) {
      double other = moved.get(index);
      if (Double.isFinite(wanted) != Double.isFinite(other) || Double.isNaN(wanted) != Double.isNaN(other)) {
        return true;
      }
    }
    return false;
  }

  private boolean isGreatest(double actual, double wanted) {
    return Math.abs(actual) >= Formats.greatest(type) && actual > 0 == wanted > 0;
  }

  private boolean checkInteger(HostArray array, long index, boolean untouched) {
    long actual = array.getLong(index);
    long wanted = expected.value().getLong(index);
    if (actual == wanted) {
      return note(0, index, actual, null);
    }
    double difference = Math.abs((double) actual - (double) wanted);
    largestDifference = Math.max(largestDifference, difference);
    differences += difference * difference;
    double allowed = tolerances.exact() ? 0 : Math.max(move(index, wanted), tolerances.given(name, wanted));
    double ratio = allowed == 0 ? Double.POSITIVE_INFINITY : difference / allowed;
    return ratio <= 1 ? note(ratio, index, actual, null) : fail(ratio, index, actual, wanted, allowed, untouched);
  }

  private boolean fail(double ratio, long index, double actual, double wanted, double tolerance, boolean untouched) {
    String what =
        untouched
            ? "was never written, the reference is %.9g".formatted(wanted)
            : "is %.9g, the reference %.9g%s"
                .formatted(actual, wanted, tolerance > 0 ? ", the tolerance %.3g".formatted(tolerance) : "");
    note(ratio, index, actual, what);
    return false;
  }

  private boolean note(double ratio, long index, double actual, String failure) {
    if (ratio > worstRatio) {
      worstRatio = ratio;
      worstIndex = index;
      worstActual = actual;
      worstFailure = failure;
    }
    return true;
  }
}
