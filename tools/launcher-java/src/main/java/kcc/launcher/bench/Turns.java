// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import java.util.ArrayList;
import java.util.List;

/** Contestants measured round by round, so that what changes with time, such as clocks, changes for all alike. */
final class Turns {
  private static final double WARM_UP_MILLISECONDS = 30;

  private Turns() {}

  /** The times of each contestant, in microseconds. */
  static List<Statistics> measure(List<Contestant> contestants, int rounds) {
    double warm = 0;
    do {
      for (Contestant contestant : contestants) {
        warm += contestant.measure() * contestant.batchSize() / 1000;
      }
      // A device without a clock would never be warm.
    } while (warm > 0 && warm < WARM_UP_MILLISECONDS);
    double[][] times = new double[contestants.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < contestants.size(); turn++) {
        // Another one begins each round, so that nobody always follows the same.
        int contestant = (round + turn) % contestants.size();
        times[contestant][round] = contestants.get(contestant).measure();
      }
    }
    List<Statistics> statistics = new ArrayList<>();
    for (double[] of : times) {
      statistics.add(Statistics.of(of));
    }
    return statistics;
  }
}
