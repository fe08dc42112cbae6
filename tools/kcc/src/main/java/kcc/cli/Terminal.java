// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.PrintStream;
import kcc.mlir.diag.DiagnosticPrinter;
import kcc.mlir.diag.SourceText;

/// Where a command prints.
///
/// @param interactive whether a person watches: colors and progress, neither of them in a pipe
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {

  static Terminal ofProcess() {
    // The launch script knows whether the error stream is a terminal.
    boolean interactive = System.getenv("TERM") != null
        && !"dumb".equals(System.getenv("TERM"))
        && System.getenv("NO_COLOR") == null
        && "1".equals(System.getProperty("kcc.terminal"));
    return new Terminal(System.out, System.err, interactive);
  }

  DiagnosticPrinter printer() {
    return new DiagnosticPrinter(SourceText.fromFiles(), interactive);
  }

  /// Says what is going on when that may take a while; silent in a pipe.
  void progress(String text) {
    if (interactive) {
      err.println("kcc: " + text);
    }
  }
}
