// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.tune;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import kcc.launcher.bench.Duel;

/**
 * Descends from a start over candidates that are a step apart: each neighbour of the best one is measured beside it, and
 * the one that wins by most is the next. Ends where none wins.
 *
 * <p>A candidate is measured once: one that lost against an earlier best has nothing to look for beside a better one. In
 * the end the best is measured beside the start, unless that was done on the way, and must win again: small gains that
 * were none do not add up.
 */
public final class CoordinateDescent {
  /** Measures a candidate, the first, beside the best so far. */
  @FunctionalInterface
  public interface Duels {
    Duel of(String candidate, String against);
  }

  private CoordinateDescent() {}

  /**
   * The best candidate.
   *
   * @param candidates points of a lattice of powers of two, each with the same coordinates
   */
  public static String best(Map<String, Map<String, Integer>> candidates, String start, Duels duels) {
    Set<String> measured = new HashSet<>(Set.of(start));
    String best = start;
    String before = start;
    while (true) {
      Duel won = null;
      for (String candidate : candidates.keySet()) {
        if (areNeighbours(candidates.get(best), candidates.get(candidate)) && measured.add(candidate)) {
          Duel duel = duels.of(candidate, best);
          if (duel.isWon() && (won == null || duel.ratio() < won.ratio())) {
            won = duel;
          }
        }
      }
      if (won == null) {
        return before.equals(start) || duels.of(best, start).isWon() ? best : start;
      }
      before = best;
      best = won.candidate();
    }
  }

  /** Whether one coordinate or two are doubled or halved. */
  static boolean areNeighbours(Map<String, Integer> one, Map<String, Integer> other) {
    int steps = 0;
    for (Map.Entry<String, Integer> coordinate : one.entrySet()) {
      int a = coordinate.getValue();
      int b = other.get(coordinate.getKey());
      if (a != b) {
        if (a != 2 * b && b != 2 * a) {
          return false;
        }
        steps++;
      }
    }
    return steps == 1 || steps == 2;
  }
}
