// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.List;

/// How a run ended.
public sealed interface Outcome {

  record Done() implements Outcome {}

  /// Nobody can go on.
  ///
  /// @param waiting who waits for what, in words
  record Hang(List<Integer> block, List<String> waiting) implements Outcome {}

  /// All agents have ended, and something of theirs goes on in memory that is no longer theirs.
  record Leftover(List<Integer> block, String what) implements Outcome {}
}
