// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kcc.scheduler.modulo.CpSatSolver;
import kcc.scheduler.modulo.ListSolver;
import kcc.scheduler.modulo.Problem;
import kcc.scheduler.modulo.ProblemText;
import kcc.scheduler.modulo.Schedule;
import kcc.scheduler.modulo.ScheduleCheck;
import kcc.scheduler.modulo.SolverUnavailableException;
import kcc.targets.CacheFolder;

/// What the build runs once, so that the start-up cache holds the classes that commands load (tools/launch/assemble.sh):
/// several commands, and the solver on a problem that nobody keeps an answer to.
final class Training {
  private static final String NEXT = "--next";

  private static final Problem STEP = ProblemText.parse("""
      problem training
      quantum 16
      handoff 48
      unit tensor
      unit copy
      group producer registers 24
      group consumer registers 200
      space shared 98304
      node load unit copy 256 issue 32 latency 1024 reads 0 streaming
      node product unit tensor 512 issue 32 latency 512 reads 512 group consumer
      value tiles by load in shared 16384 reserved to product
      value sum by product registers 128 reserved to product@1!
      """);

  private Training() {}

  public static void main(String[] arguments) {
    List<String> words = new ArrayList<>();
    for (String argument : arguments) {
      if (argument.equals(NEXT)) {
        new Kcc(Terminal.ofProcess()).run(words.toArray(String[]::new));
        words.clear();
      } else {
        words.add(argument);
      }
    }
    new Kcc(Terminal.ofProcess()).run(words.toArray(String[]::new));
    try {
      Optional<Schedule> solved = CpSatSolver.in(CacheFolder.of(System.getenv())).solve(STEP)
          .or(() -> new ListSolver().solve(STEP));
      solved.ifPresent(schedule -> System.out.println(ScheduleCheck.faults(STEP, schedule)));
    } catch (SolverUnavailableException unavailable) {
      System.out.println(unavailable.getMessage());
    }
    System.exit(0);
  }
}
