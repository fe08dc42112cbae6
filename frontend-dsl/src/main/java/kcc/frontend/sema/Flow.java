// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// How a block of statements ends.
sealed interface Flow {
  /// At its last statement.
  record Next() implements Flow {}

  record Returned(Value value) implements Flow {}

  /// With `break`, in a loop that is unrolled.
  record Broke() implements Flow {}

  /// With `continue`, in a loop that is unrolled.
  record Continued() implements Flow {}

  Next NEXT = new Next();
}
