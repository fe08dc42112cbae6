// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonObject;
import java.util.Arrays;

/**
 * What is told of repeated measurements. The middle half says how much they spread; the extremes depend on how many
 * there were.
 */
record Statistics(double median, double firstQuartile, double thirdQuartile, double least, double greatest, int count) {

  static Statistics of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Statistics(
        quantile(sorted, 0.5),
        quantile(sorted, 0.25),
        quantile(sorted, 0.75),
        sorted[0],
        sorted[sorted.length - 1],
        sorted.length);
  }

  /** Linear between the neighbours (type 7 of Hyndman and Fan 1996, what R and NumPy do). */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** The middle half's width as a share of the median. */
  double spread() {
    return (thirdQuartile - firstQuartile) / median;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("median", median);
    json.addProperty("firstQuartile", firstQuartile);
    json.addProperty("thirdQuartile", thirdQuartile);
    json.addProperty("least", least);
    json.addProperty("greatest", greatest);
    json.addProperty("rounds", count);
    return json;
  }
}
