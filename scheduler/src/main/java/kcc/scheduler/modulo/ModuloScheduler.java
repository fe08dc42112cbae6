// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The way from a problem to a schedule that can be relied on: the problem is checked before, the answer after, whoever
/// found it.
public final class ModuloScheduler {
  private final List<Solver> solvers;
  private final Consumer<String> told;

  /// @param solvers asked in turn until one has an answer
  /// @param told    which solvers could not be asked on this machine, and why: without them schedules are worse
  public ModuloScheduler(List<Solver> solvers, Consumer<String> told) {
    this.solvers = List.copyOf(solvers);
    this.told = told;
  }

  /// The constraint solver, whose answers are kept, and the list scheduler where it does not run.
  ///
  /// @param cache kcc's cache folder
  public static ModuloScheduler in(Path cache, Consumer<String> told) {
    return new ModuloScheduler(
        List.of(new ScheduleCache(cache.resolve("schedules"), CpSatSolver.in(cache)), new ListSolver()), told);
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
      Schedule schedule = ask(solver, problem);
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

  private Schedule ask(Solver solver, Problem problem) {
    try {
      return solver.solve(problem).orElse(null);
    } catch (SolverUnavailableException unavailable) {
      told.accept(unavailable.getMessage());
      return null;
    }
  }
}
