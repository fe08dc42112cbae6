// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

/// The command line itself is wrong; ends with exit code 2 and a hint.
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  /// @param hint what to write instead, or null
  UsageException(String message, String hint) {
    super(message);
    this.hint = hint;
  }

  String hint() {
    return hint;
  }
}
