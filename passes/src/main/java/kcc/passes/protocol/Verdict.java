// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.List;

/// What became of a protocol.
public sealed interface Verdict {
  /// Nothing can go wrong.
  ///
  /// @param states that the model check has seen
  record Correct(int states) implements Verdict {}

  /// An order in which it goes wrong.
  ///
  /// @param trace the steps that lead there
  record Wrong(Fault fault, String what, List<String> trace) implements Verdict {
    public Wrong {
      trace = List.copyOf(trace);
    }
  }

  /// Of a model check alone: there are more orders than there was room for.
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
    /// A barrier is told of other bytes than land.
    WRONG_BYTES,
    /// Memory is used before or after the time that it is there for.
    NOT_THERE,
    /// A parity can be taken for that of another phase.
    PHASE,
    /// At the end something is still under way or unread.
    UNFINISHED
  }
}
