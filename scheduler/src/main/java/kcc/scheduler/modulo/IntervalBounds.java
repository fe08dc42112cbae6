// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.Arrays;
import java.util.List;

/// Below which interval no schedule exists (Rau, "Iterative Modulo Scheduling", 1996, sections 2.1 and 2.2).
///
/// @param resources   the busiest unit or group
/// @param recurrences the slowest cycle of dependences over the iterations it spans
public record IntervalBounds(int resources, int recurrences) {
  public static IntervalBounds of(Problem problem) {
    return new IntervalBounds(resources(problem), recurrences(problem));
  }

  /// The smaller bound on the grid of the problem's times.
  public int smallest(Problem problem) {
    return problem.toGrid(Math.max(1, Math.max(resources, recurrences)));
  }

  private static int resources(Problem problem) {
    int bound = 0;
    for (Unit unit : problem.units()) {
      bound = Math.max(bound, problem.busy(unit));
    }
    for (Group group : problem.groups()) {
      int busy = 0;
      for (Node node : problem.nodes()) {
        busy += group.name().equals(node.group()) ? node.issue() : 0;
      }
      bound = Math.max(bound, busy);
    }
    int all = 0;
    for (Node node : problem.nodes()) {
      all += node.issue();
      bound = Math.max(bound, Math.max(node.issue(), node.occupancy()));
    }
    return Math.max(bound, Math.ceilDiv(all, problem.groups().size()));
  }

  /// By bisection: an interval is long enough when no cycle of dependences has a positive sum of `delay - distance * II`.
  private static int recurrences(Problem problem) {
    List<Dependence> dependences = Dependence.of(problem);
    int low = 0;
    int high = 1;
    for (Dependence dependence : dependences) {
      high += dependence.delay();
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isLongEnough(problem.nodes().size(), dependences, middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// Longest paths by Bellman and Ford settle within as many rounds as there are nodes, unless a cycle has a positive sum.
  private static boolean isLongEnough(int nodes, List<Dependence> dependences, int interval) {
    long[] start = new long[nodes];
    Arrays.fill(start, 0);
    for (int round = 0; round <= nodes; round++) {
      boolean moved = false;
      for (Dependence dependence : dependences) {
        long earliest = start[dependence.from()] + dependence.delay() - (long) dependence.distance() * interval;
        if (earliest > start[dependence.to()]) {
          start[dependence.to()] = earliest;
          moved = true;
        }
      }
      if (!moved) {
        return true;
      }
    }
    return false;
  }
}
