// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

/// How a run of a tool ends, with the exit code of its process.
public enum Outcome {
  DONE(0),
  USER_ERROR(1),
  USAGE(2),
  /// The input is valid, but the compiler cannot do it (yet); the message says what and where.
  UNSUPPORTED(3),
  INTERNAL_ERROR(70);

  private final int exitCode;

  Outcome(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
