// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The text form of schedules, one thing a line in the order of the steady state, `#` before comments:
///
/// ```
/// interval 1024
/// node product0 on consumer0 at 1072   # cycle 48 of stage 1
/// node load on producer at 128         # cycle 128 of stage 0
/// depth tiles 3
/// ```
public final class ScheduleText {
  private ScheduleText() {}

  public static String print(Problem problem, Schedule schedule) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < problem.nodes().size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparing(schedule::cycle));
    StringBuilder out = new StringBuilder("interval %d\n".formatted(schedule.interval()));
    for (int i : order) {
      Schedule.Placement placement = schedule.placements().get(i);
      String statement = "node %s on %s at %d".formatted(problem.nodes().get(i).name(), placement.group(), placement.start());
      out.append("%-40s # cycle %d of stage %d\n".formatted(statement, schedule.cycle(i), schedule.stage(i)));
    }
    schedule.depths().forEach((value, depth) -> out.append("depth %s %d\n".formatted(value, depth)));
    return out.toString();
  }

  /// Reads what [#print] wrote. Whether it is a schedule of the problem is for [ScheduleCheck] to say.
  ///
  /// @throws IllegalArgumentException where a line is no statement or a node has no placement
  public static Schedule parse(Problem problem, String text) {
    int interval = 0;
    Schedule.Placement[] placements = new Schedule.Placement[problem.nodes().size()];
    Map<String, Integer> depths = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
      String kind = words.length + " " + words[0];
      switch (kind) {
        case "2 interval" -> interval = Integer.parseInt(words[1]);
        case "6 node" -> placements[problem.nodeIndex(words[1])] =
            new Schedule.Placement(Integer.parseInt(words[5]), words[3]);
        case "3 depth" -> depths.put(words[1], Integer.parseInt(words[2]));
        case "1 " -> { }
        default -> throw new IllegalArgumentException("'%s' is no statement".formatted(line));
      }
    }
    for (int i = 0; i < placements.length; i++) {
      if (placements[i] == null) {
        throw new IllegalArgumentException("node %s has no placement".formatted(problem.nodes().get(i).name()));
      }
    }
    return new Schedule(interval, List.of(placements), depths);
  }
}
