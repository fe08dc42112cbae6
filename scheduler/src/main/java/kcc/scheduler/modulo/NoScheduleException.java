// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// No solver found a schedule: values do not fit into memory or registers at any interval, or limits were too tight.
public final class NoScheduleException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoScheduleException(Problem problem) {
    super("no schedule was found for %s".formatted(problem.name()));
  }
}
