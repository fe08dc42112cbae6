// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class CpSatSolverTest {
  private static final Path CACHE = Path.of("target", "cache");
  private static final ModuloScheduler SCHEDULER = new ModuloScheduler(List.of(CpSatSolver.in(CACHE)), Assertions::fail);

  @Test
  void gemmKeepsTheMatrixUnitBusy() {
    Schedule schedule = SCHEDULER.schedule(Problems.GEMM);
    assertEquals(1024, schedule.interval());
    // From the load's start to the end of the second product: 1072 + 1056 + 48 cycles.
    assertEquals(3, schedule.depths().get("tiles"));
  }

  @Test
  void attentionKeepsTheMatrixUnitBusyByTurnsOfTheConsumers() {
    Problem problem = Problems.ATTENTION;
    Schedule schedule = SCHEDULER.schedule(problem);
    assertEquals(2048, schedule.interval(), "the matrix unit's four products of 512");
    List<String> turns = IntStream.range(0, problem.nodes().size()).boxed()
        .filter(i -> "special".equals(problem.nodes().get(i).unit()))
        .sorted(Comparator.comparing(schedule::cycle)).map(i -> schedule.placements().get(i).group()).toList();
    assertEquals(2, turns.stream().distinct().count(), "each consumer has its softmax");
    int apart = schedule.cycle(problem.nodeIndex("softmax1")) - schedule.cycle(problem.nodeIndex("softmax0"));
    assertTrue(Math.floorMod(apart, 2048) >= 896 && Math.floorMod(-apart, 2048) >= 896,
        "one consumer multiplies while the other is in its softmax, " + apart + " cycles apart");
    // While a consumer is in its softmax the products of the other run.
    for (String one : List.of("0", "1")) {
      int begin = schedule.cycle(problem.nodeIndex("softmax" + one));
      for (String product : List.of("scores" + one, "output" + one)) {
        int own = schedule.cycle(problem.nodeIndex(product));
        assertTrue(Math.floorMod(own - begin, 2048) >= 896, product + " waits for its own softmax");
      }
    }
  }

  @Test
  void answersDoNotDependOnTheRun() {
    assertEquals(SCHEDULER.schedule(Problems.ATTENTION), SCHEDULER.schedule(Problems.ATTENTION));
  }

  /// Where this fails because answers have become better, the solver's revision has to be counted up, or kept schedules
  /// stay as they were.
  @Test
  void answerOfThisRevision() {
    assertTrue(CpSatSolver.in(CACHE).version().contains("revision 1"));
    assertEquals("""
        interval 2048
        node loadK on producer at 0              # cycle 0 of stage 0
        node scores1 on consumer1 at 2096        # cycle 48 of stage 1
        node loadV on producer at 512            # cycle 512 of stage 0
        node output0 on consumer0 at 2608        # cycle 560 of stage 1
        node softmax1 on consumer1 at 2640       # cycle 592 of stage 1
        node scores0 on consumer0 at 1072        # cycle 1072 of stage 0
        node output1 on consumer1 at 3632        # cycle 1584 of stage 1
        node softmax0 on consumer0 at 1616       # cycle 1616 of stage 0
        depth keys 2
        depth values 2
        """, ScheduleText.print(Problems.ATTENTION, SCHEDULER.schedule(Problems.ATTENTION)));
  }

  @Test
  void fewerRegistersOrSlotsMakeTheIntervalLonger() {
    Problem narrow = ProblemText.parse(ProblemText.print(Problems.GEMM).replace("shared 212992", "shared 49152"));
    Schedule schedule = SCHEDULER.schedule(narrow);
    assertEquals(1, schedule.depths().get("tiles"));
    assertTrue(schedule.interval() > 2000, "one slot serves one iteration at a time: " + schedule.interval());
  }

  @Test
  void neverWorseThanListScheduling() {
    long first = new Random().nextLong();
    for (long seed = first; seed < first + 40; seed++) {
      Problem problem = RandomProblems.of(seed);
      assertEquals(List.of(), ProblemCheck.faults(problem), () -> ProblemText.print(problem));
      Schedule list = new ModuloScheduler(List.of(new ListSolver()), Assertions::fail).schedule(problem);
      Schedule best = SCHEDULER.schedule(problem);
      assertTrue(best.interval() <= list.interval(),
          () -> best.interval() + " > " + list.interval() + "\n" + ProblemText.print(problem));
      assertTrue(best.interval() >= IntervalBounds.of(problem).smallest(problem), () -> ProblemText.print(problem));
    }
  }
}
