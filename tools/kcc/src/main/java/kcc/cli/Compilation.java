// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import kcc.driver.CompileRequest;
import kcc.driver.CompileResult;
import kcc.driver.Compiler;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Outcome;
import kcc.mlir.diag.Severity;
import org.apache.commons.cli.CommandLine;

/// Runs the compiler for a command, with its messages on the terminal.
final class Compilation {
  private Compilation() {}

  static CompileResult run(CompileRequest request, CommandLine line, Terminal terminal) {
    CompileResult result = compiler(request, terminal).compile(request);
    print(result.said(), line, terminal);
    return result;
  }

  static Compiler compiler(CompileRequest request, Terminal terminal) {
    if (request.stopAfter() == null && !request.wantsSchedules()) {
      NvidiaAssembler.provide(request.targets(), System.getenv());
    }
    return new Compiler(
        Runtime.getRuntime().availableProcessors(), terminal::progress, reason -> halt(reason, request, terminal));
  }

  /// Remarks only as far as they are asked for.
  static void print(List<Diagnostic> messages, CommandLine line, Terminal terminal) {
    Pattern remarks = remarks(line);
    for (Diagnostic said : messages) {
      boolean wanted = said.severity() != Severity.REMARK || remarks != null && remarks.matcher(said.text()).find();
      if (wanted) {
        terminal.err().print(terminal.printer().render(said));
      }
    }
  }

  private static Pattern remarks(CommandLine line) {
    if (!line.hasOption("Rpass")) {
      return null;
    }
    String text = line.getOptionValue("Rpass", "");
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException malformed) {
      throw new UsageException("-Rpass=%s is no regular expression: %s".formatted(text, malformed.getDescription()), null);
    }
  }

  /// LLVM is about to abort the process; it must end with the exit code that says so.
  private static void halt(String reason, CompileRequest request, Terminal terminal) {
    terminal.err().println("error: LLVM gave up: " + reason + " [KCC5014]");
    terminal.err().println(
        "note: this is a bug in kcc; to report it, send the file kcc-reproducer-*.mlir written to "
            + request.failureFolder().toAbsolutePath().normalize());
    terminal.err().flush();
    Runtime.getRuntime().halt(Outcome.INTERNAL_ERROR.exitCode());
  }
}
