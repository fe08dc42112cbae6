// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// Schedules for people: one node a line in the order of the steady state.
public final class ScheduleText {
  private ScheduleText() {}

  public static String print(Problem problem, Schedule schedule) {
    StringBuilder out = new StringBuilder("interval %d, %d stages%n".formatted(schedule.interval(), schedule.stages()));
    java.util.stream.IntStream.range(0, problem.nodes().size()).boxed()
        .sorted(java.util.Comparator.comparing(schedule::cycle))
        .forEach(i -> out.append("%6d  stage %d  %-12s %s%n".formatted(schedule.cycle(i), schedule.stage(i),
            schedule.placements().get(i).group(), problem.nodes().get(i).name())));
    schedule.depths().forEach((value, depth) -> out.append("depth of %s: %d%n".formatted(value, depth)));
    return out.toString();
  }
}
