// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// The points around a start that are worth measuring, by the cost model: always the cheapest neighbour of those that are
/// in already. So a search by steps can come from the start to each of them.
public final class Shortlist {
  private record Candidate(Map<String, Integer> point, double cost, int order) {}

  private Shortlist() {}

  /// @param start is first, whatever it costs
  /// @param most  points, the start among them
  /// @param cost  infinite for what is impossible
  /// @return points with their costs, in the order in which they were chosen
  public static Map<Map<String, Integer>, Double> of(
      Map<String, Integer> start, int most, ToDoubleFunction<Map<String, Integer>> cost) {
    Map<Map<String, Integer>, Double> chosen = new LinkedHashMap<>();
    Set<Map<String, Integer>> seen = new HashSet<>(Set.of(start));
    PriorityQueue<Candidate> reached =
        new PriorityQueue<>(Comparator.comparingDouble(Candidate::cost).thenComparingInt(Candidate::order));
    Map<String, Integer> last = start;
    chosen.put(start, cost.applyAsDouble(start));
    while (chosen.size() < most) {
      for (Map<String, Integer> neighbour : Neighbours.of(last)) {
        if (seen.add(neighbour)) {
          double known = cost.applyAsDouble(neighbour);
          if (known != TileCost.IMPOSSIBLE) {
            reached.add(new Candidate(neighbour, known, seen.size()));
          }
        }
      }
      Candidate cheapest = reached.poll();
      if (cheapest == null) {
        break;
      }
      chosen.put(cheapest.point(), cheapest.cost());
      last = cheapest.point();
    }
    return chosen;
  }
}
