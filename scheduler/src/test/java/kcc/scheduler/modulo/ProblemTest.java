// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProblemTest {
  @Test
  void textIsReadBack() {
    Random random = new Random();
    for (int i = 0; i < 200; i++) {
      Problem problem = RandomProblems.of(random.nextLong());
      assertEquals(problem, ProblemText.parse(ProblemText.print(problem)), () -> ProblemText.print(problem));
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      node a issue x                      | line 2: 'x' is no number
      node a issue                        | line 2: the statement ends too early
      node a speed 4                      | line 2: a node has no 'speed'
      value v by a nowhere                | line 2: a value lies in 'registers' or 'in' a space, not 'nowhere'
      unit tensor core                    | line 2: 'core' is one word too many
      group g 32                          | line 2: '32' stands where 'registers' is expected
      frobnicate                          | line 2: 'frobnicate' begins no statement
      """)
  void badTextIsToldWithItsLine(String line, String message) {
    var fault = assertThrows(ProblemText.SyntaxFault.class, () -> ProblemText.parse("problem p\n" + line));
    assertEquals(message, fault.getMessage());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      node a issue 1                                  | two nodes are called a
      node b unit copy 4 issue 1                      | node b is for the unknown unit copy
      node b group h issue 1                          | node b is for the unknown group h
      node b issue 0                                  | node b takes 0 cycles to issue
      value v by c registers 1                        | value v names the unknown node c
      value v by a in shared 1                        | value v lies in the unknown space shared
      value v by a registers 0                        | value v takes 0 registers
      value v by a registers 1 to a                   | node a waits for itself within one iteration
      value v by a registers 1 to a@-1                | a uses v of -1 iterations before
      order a before a delay 0 distance 0             | node a waits for itself within one iteration
      quantum 0                                       | the quantum is 0 cycles
      space shared 0                                  | space shared has room for 0
      group h registers 1 like i                      | group h is like the unknown group i
      """)
  void senselessProblemsAreFound(String line, String fault) {
    Problem problem = ProblemText.parse("group g registers 8\nnode a issue 1\n" + line);
    assertEquals(List.of(fault), ProblemCheck.faults(problem));
  }

  @Test
  void boundsOfTheInterval() {
    assertEquals(new IntervalBounds(2048, 1440), IntervalBounds.of(Problems.ATTENTION));
    assertEquals(new IntervalBounds(1024, 544), IntervalBounds.of(Problems.GEMM));
  }

  @Test
  void nothingThatDoesNotFitIsScheduled() {
    Problem small = ProblemText.parse(ProblemText.print(Problems.GEMM).replace("shared 212992", "shared 1024"));
    var none = assertThrows(NoScheduleException.class,
        () -> new ModuloScheduler(List.of(new ListSolver()), Assertions::fail).schedule(small));
    assertEquals("no schedule was found for gemm", none.getMessage());
  }

  @Test
  void wrongAnswersAreNotPassedOn() {
    Solver wrong = new Solver() {
      @Override
      public String version() {
        return "wrong";
      }

      @Override
      public Optional<Schedule> solve(Problem problem) {
        return Optional.of(new Schedule(16, List.of(), Map.of()));
      }
    };
    assertThrows(IllegalStateException.class, () -> new ModuloScheduler(List.of(wrong), Assertions::fail).schedule(Problems.GEMM));
  }
}
