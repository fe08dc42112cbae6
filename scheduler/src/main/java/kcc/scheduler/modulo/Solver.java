// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.Optional;

/// Looks for a schedule of a sound problem.
public interface Solver {
  /// The best schedule found, or none within the solver's limits. Equal problems have equal answers.
  Optional<Schedule> solve(Problem problem);
}
