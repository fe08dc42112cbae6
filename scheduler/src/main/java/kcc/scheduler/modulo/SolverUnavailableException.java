// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// A solver cannot run here at all, whatever the problem.
public final class SolverUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SolverUnavailableException(String why) {
    super(why);
  }
}
