// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A correct schedule of attention, made wrong in one respect at a time.
class ScheduleCheckTest {
  private static final Problem PROBLEM = Problems.ATTENTION;
  private static final Schedule CORRECT = new Schedule(2048, List.of(
      new Schedule.Placement(0, "producer"), new Schedule.Placement(512, "producer"),
      new Schedule.Placement(1072, "consumer0"), new Schedule.Placement(2096, "consumer1"),
      new Schedule.Placement(1616, "consumer0"), new Schedule.Placement(2640, "consumer1"),
      new Schedule.Placement(2608, "consumer0"), new Schedule.Placement(3632, "consumer1")),
      Map.of("keys", 2, "values", 2));

  private static Schedule with(String node, int start, String group) {
    List<Schedule.Placement> placements = new ArrayList<>(CORRECT.placements());
    placements.set(PROBLEM.nodeIndex(node), new Schedule.Placement(start, group));
    return new Schedule(CORRECT.interval(), placements, CORRECT.depths());
  }

  private static void rejected(Schedule schedule, String reason) {
    rejected(PROBLEM, schedule, reason);
  }

  private static void rejected(Problem problem, Schedule schedule, String reason) {
    List<String> faults = ScheduleCheck.faults(problem, schedule);
    assertTrue(faults.stream().anyMatch(fault -> fault.contains(reason)), () -> "'" + reason + "' is not among " + faults);
  }

  @Test
  void correct() {
    assertEquals(List.of(), ScheduleCheck.faults(PROBLEM, CORRECT));
  }

  @Test
  void resultsAreUsedWhenTheyAreReady() {
    rejected(with("scores0", 1024, "consumer0"), "scores0 uses keys at 1024, which is ready at 1072");
    rejected(with("softmax0", 1600, "consumer0"), "softmax0 uses s0");
  }

  @Test
  void unitsDoOneThingAtATime() {
    rejected(with("output1", 3616, "consumer1"), "which holds unit tensor for 512");
    rejected(with("loadV", 496, "producer"), "which holds unit copy for 512");
    // Around the end of the interval as well.
    rejected(with("loadV", 1552, "producer"), "which holds unit copy for 512");
  }

  @Test
  void groupsIssueOneThingAtATime() {
    rejected(with("softmax1", 2640, "consumer0"), "consumer0");
  }

  @Test
  void registersStayInTheirGroup() {
    rejected(with("softmax0", 1616, "consumer1"), "in registers of consumer0");
  }

  @Test
  void streamsKeepToThemselves() {
    rejected(with("loadV", 512, "consumer0"), "may take any time and shares group consumer0");
  }

  @Test
  void nodesStartWithinTheirGroups() {
    rejected(with("loadK", -16, "producer"), "starts at -16");
    rejected(with("loadK", 0, "nobody"), "unknown group nobody");
    Problem pinned = ProblemText.parse(ProblemText.print(PROBLEM)
        .replace("node scores0 unit tensor 512", "node scores0 group consumer1 unit tensor 512"));
    rejected(pinned, CORRECT, "scores0 runs on consumer0, not on consumer1");
  }

  @Test
  void slotsLastAsLongAsValues() {
    rejected(new Schedule(2048, CORRECT.placements(), Map.of("keys", 1, "values", 2)), "keys needs its slot for");
    rejected(new Schedule(2048, CORRECT.placements(), Map.of("keys", 2)), "values needs its slot for");
    rejected(new Schedule(2048, CORRECT.placements(), Map.of("keys", 5, "values", 2)), "slots take 229376 of shared");
  }

  @Test
  void registersAreEnough() {
    Problem narrow = ProblemText.parse(ProblemText.print(PROBLEM).replace("registers 176", "registers 150"));
    rejected(narrow, CORRECT, "registers of each thread of consumer0");
  }

  @Test
  void ordersHold() {
    Problem ordered = ProblemText.parse(ProblemText.print(PROBLEM) + "order output0 before softmax1 delay 64 distance 0\n");
    rejected(ordered, CORRECT, "softmax1 starts 32 cycles behind output0, not 64");
  }
}
