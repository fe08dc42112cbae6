// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.List;

/// What became of a protocol.
public sealed interface Verdict {
  /// All orders in which the program can run were tried.
  record Correct(int states) implements Verdict {}

  /// An order in which it goes wrong.
  ///
  /// @param trace the steps that lead there
  record Wrong(Fault fault, String what, List<String> trace) implements Verdict {
    public Wrong {
      trace = List.copyOf(trace);
    }
  }

  /// There are more orders than there was room for.
  record Unknown(int states) implements Verdict {}

  enum Fault {
    /// Everybody waits.
    DEADLOCK,
    /// A slot is written while someone else uses it.
    RACE,
    /// What is read is not what was meant.
    WRONG_CONTENT,
    /// A unit reads or overwrites what threads touched without a fence between.
    MISSING_FENCE,
    /// More arrive at a barrier than it expects.
    OVERFLOW,
    /// At the end something is still under way or unread.
    UNFINISHED
  }
}
