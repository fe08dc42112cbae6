// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StatisticsTest {
  /** What numpy.percentile gives. */
  @Test
  void quartilesAreInterpolated() {
    Statistics statistics = Statistics.of(new double[] {7, 1, 3, 10});
    assertEquals(5, statistics.median());
    assertEquals(2.5, statistics.firstQuartile());
    assertEquals(7.75, statistics.thirdQuartile());
    assertEquals(1, statistics.least());
    assertEquals(10, statistics.greatest());
    assertEquals(1.05, statistics.spread(), 1e-12);
  }

  @Test
  void oneOutlierMovesNeitherMedianNorSpreadMuch() {
    Statistics statistics = Statistics.of(new double[] {10, 10, 10, 10, 10, 10, 10, 10, 500});
    assertEquals(10, statistics.median());
    assertEquals(0, statistics.spread());
  }

  @Test
  void oneValueIsAllOfThem() {
    Statistics statistics = Statistics.of(new double[] {4});
    assertEquals(4, statistics.median());
    assertEquals(0, statistics.spread());
    assertEquals(1, statistics.count());
  }

  @Test
  void nothingHasNoMedian() {
    assertThrows(IllegalArgumentException.class, () -> Statistics.of(new double[0]));
  }
}
