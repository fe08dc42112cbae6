// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ListSolverTest {
  private static final ModuloScheduler SCHEDULER = new ModuloScheduler(List.of(new ListSolver()), Assertions::fail);

  @Test
  void gemmIsScheduledAtItsBound() {
    assertEquals(1024, SCHEDULER.schedule(Problems.GEMM).interval());
  }

  @Test
  void attentionIsScheduledNearItsBound() {
    int interval = SCHEDULER.schedule(Problems.ATTENTION).interval();
    assertTrue(interval <= 1.25 * 2048, "interval " + interval);
  }

  @Test
  void everySoundProblemThatFitsHasASchedule() {
    long first = new Random().nextLong();
    for (long seed = first; seed < first + 500; seed++) {
      SCHEDULER.schedule(RandomProblems.of(seed));
    }
  }
}
