// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

/**
 * How far a result is from its reference.
 *
 * @param relativeError Frobenius norm of the difference over that of the reference
 * @param worstIndex row-major index of the largest difference, -1 for empty arrays
 * @param worstDifference that difference; infinite where only one of both is finite
 * @param mismatches elements outside of the tolerance
 */
public record ArrayComparison(
    double relativeError, long worstIndex, double worstDifference, long mismatches, long elements) {

  /** Compares element by element: {@code |actual - expected| <= absolute + relative * |expected|}. */
  public static ArrayComparison of(HostArray actual, HostArray expected, double absolute, double relative) {
    if (!actual.shape().equals(expected.shape())) {
      throw new LauncherException(
          "shape %s cannot be compared with shape %s".formatted(actual.shape(), expected.shape()));
    }
    double differences = 0;
    double reference = 0;
    double worst = -1;
    long worstIndex = -1;
    long mismatches = 0;
    for (long index = 0; index < actual.elementCount(); index++) {
      double a = actual.get(index);
      double e = expected.get(index);
      double difference = a == e || Double.isNaN(a) && Double.isNaN(e) ? 0 : Math.abs(a - e);
      if (Double.isNaN(difference)) {
        difference = Double.POSITIVE_INFINITY;
      }
      if (!(difference <= absolute + relative * Math.abs(e))) {
        mismatches++;
      }
      if (difference > worst) {
        worst = difference;
        worstIndex = index;
      }
      differences += difference * difference;
      reference += Double.isFinite(e) ? e * e : 0;
    }
    double norm = reference == 0 ? Math.sqrt(differences) : Math.sqrt(differences / reference);
    return new ArrayComparison(norm, worstIndex, Math.max(worst, 0), mismatches, actual.elementCount());
  }

  public boolean matches() {
    return mismatches == 0;
  }
}
