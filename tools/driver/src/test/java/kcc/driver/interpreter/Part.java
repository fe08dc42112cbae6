// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.function.Supplier;

/// What goes on by itself while a block runs.
sealed interface Part permits Agent, Copies, MatrixUnit {

  /// Does one small thing, if it can.
  Step step();

  /// What came of it.
  sealed interface Step {
    GoneOn GONE_ON = new GoneOn();

    record GoneOn() implements Step {}

    /// Someone else must do something first.
    ///
    /// @param on what, in words
    record Blocked(Supplier<String> on) implements Step {}

    record Ended() implements Step {}
  }
}
