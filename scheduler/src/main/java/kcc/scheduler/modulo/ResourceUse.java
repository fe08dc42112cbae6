// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.List;

/// What one iteration takes of something that all iterations share: the busiest of them bounds the interval.
///
/// @param name   of the unit or the group; empty for dependences
/// @param cycles for which one iteration keeps it busy; of dependences, the slowest cycle over the iterations it spans
public record ResourceUse(Kind kind, String name, int cycles) {
  public enum Kind { UNIT, GROUP, DEPENDENCES }

  /// Units and groups in the problem's order, then dependences.
  public static List<ResourceUse> of(Problem problem, Schedule schedule) {
    List<ResourceUse> uses = new ArrayList<>();
    for (Unit unit : problem.units()) {
      uses.add(new ResourceUse(Kind.UNIT, unit.name(), problem.busy(unit)));
    }
    for (Group group : problem.groups()) {
      int busy = 0;
      for (int i = 0; i < problem.nodes().size(); i++) {
        busy += group.name().equals(schedule.placements().get(i).group()) ? problem.nodes().get(i).issue() : 0;
      }
      uses.add(new ResourceUse(Kind.GROUP, group.name(), busy));
    }
    uses.add(new ResourceUse(Kind.DEPENDENCES, "", IntervalBounds.of(problem).recurrences()));
    return uses;
  }

  /// The busiest: one, or several that are equally busy.
  public static List<ResourceUse> critical(List<ResourceUse> uses) {
    int most = uses.stream().mapToInt(ResourceUse::cycles).max().orElse(0);
    return uses.stream().filter(use -> use.cycles() == most).toList();
  }
}
