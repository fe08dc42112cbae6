// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.Optional;

/// Looks for a schedule of a sound problem.
public interface Solver {
  /// Tells solvers apart that may answer differently.
  String version();

  /// The best schedule found, or none within the solver's limits. Equal problems have equal answers.
  ///
  /// @throws SolverUnavailableException when it cannot run on this machine
  Optional<Schedule> solve(Problem problem);
}
