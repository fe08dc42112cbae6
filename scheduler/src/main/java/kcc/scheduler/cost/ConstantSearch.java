// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Chooses constants that are powers of two by descent: from a start in the middle, one constant or two at once are
/// doubled or halved as long as that is cheaper.
///
/// Deterministic: of equally cheap neighbours the first in the order of the names wins, and the start wins over all
/// that are not cheaper.
public final class ConstantSearch {
  private static final int START = 64;

  private final List<String> names;
  private final ToDoubleFunction<Map<String, Integer>> cost;
  private final Map<Map<String, Integer>, Double> known = new HashMap<>();

  private ConstantSearch(List<String> names, ToDoubleFunction<Map<String, Integer>> cost) {
    this.names = List.copyOf(names);
    this.cost = cost;
  }

  /// The best values found, or null when no choice was possible.
  ///
  /// @param cost infinite for what is impossible
  public static Map<String, Integer> best(List<String> names, ToDoubleFunction<Map<String, Integer>> cost) {
    return new ConstantSearch(names, cost).descend();
  }

  private Map<String, Integer> descend() {
    Map<String, Integer> current = new LinkedHashMap<>();
    names.forEach(name -> current.put(name, START));
    Map<String, Integer> best = current;
    while (true) {
      Map<String, Integer> better = bestNeighbour(best);
      if (better == null) {
        return Double.isInfinite(costOf(best)) ? null : best;
      }
      best = better;
    }
  }

  private Map<String, Integer> bestNeighbour(Map<String, Integer> from) {
    Map<String, Integer> best = null;
    double least = costOf(from);
    boolean possible = !Double.isInfinite(least);
    for (Map<String, Integer> neighbour : Neighbours.of(from)) {
      double neighbourCost = costOf(neighbour);
      // From an impossible start the way leads towards less of everything.
      if (neighbourCost < least) {
        least = neighbourCost;
        best = neighbour;
      }
    }
    if (best == null && !possible) {
      Map<String, Integer> smaller = new LinkedHashMap<>(from);
      names.forEach(name -> smaller.merge(name, 2, (value, two) -> Math.max(Neighbours.LEAST, value / two)));
      return smaller.equals(from) ? null : smaller;
    }
    return best;
  }

  private double costOf(Map<String, Integer> values) {
    return known.computeIfAbsent(values, cost::applyAsDouble);
  }
}
