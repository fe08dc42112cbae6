// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.List;

/// The way from a problem to a schedule that can be relied on: the problem is checked before, the answer after, whoever
/// found it.
public final class ModuloScheduler {
  private final List<Solver> solvers;

  /// @param solvers asked in turn until one has an answer
  public ModuloScheduler(List<Solver> solvers) {
    this.solvers = List.copyOf(solvers);
  }

  /// @throws NoScheduleException      when no solver finds a schedule
  /// @throws IllegalArgumentException when the problem makes no sense
  /// @throws IllegalStateException    when a solver's answer is none
  public Schedule schedule(Problem problem) {
    List<String> senseless = ProblemCheck.faults(problem);
    if (!senseless.isEmpty()) {
      throw new IllegalArgumentException("problem %s: %s".formatted(problem.name(), String.join("; ", senseless)));
    }
    for (Solver solver : solvers) {
      Schedule schedule = solver.solve(problem).orElse(null);
      if (schedule != null) {
        List<String> faults = ScheduleCheck.faults(problem, schedule);
        if (!faults.isEmpty()) {
          throw new IllegalStateException("%s does not solve problem %s: %s".formatted(
              solver.getClass().getSimpleName(), problem.name(), String.join("; ", faults)));
        }
        return schedule;
      }
    }
    throw new NoScheduleException(problem);
  }
}
