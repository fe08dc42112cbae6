// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import kcc.driver.PassReference;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.DiagnosticPrinter;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;
import kcc.mlir.llvm.FatalErrors;

/// The process: arguments in, exit code out.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments).exitCode());
  }

  private static Outcome run(String[] arguments) {
    OptOptions options = null;
    try {
      options = OptOptions.parse(arguments);
      if (options.help()) {
        System.out.print(OptHelp.text());
        return Outcome.DONE;
      }
      if (options.has(OptOptions.MARKDOWN)) {
        System.out.print(PassReference.markdown());
        return Outcome.DONE;
      }
      return new Opt(options, System.out, System.err).run();
    } catch (KccException failure) {
      System.err.print(DiagnosticPrinter.plain().render(failure.diagnostics()));
      return options == null ? Outcome.USAGE : failure.outcome();
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError bug) {
      System.err.print(DiagnosticPrinter.plain().render(Diagnostic.error(null, null, "internal error: " + bug)));
      bug.printStackTrace();
      return Outcome.INTERNAL_ERROR;
    }
  }

  /// LLVM ends the process after a fatal error; the exit code must still say whose fault it was.
  static FatalErrors.Watch haltOnFatalError() {
    return FatalErrors.watch(reason -> {
      System.err.println("error: LLVM gave up: " + reason);
      System.err.flush();
      Runtime.getRuntime().halt(Outcome.INTERNAL_ERROR.exitCode());
    });
  }
}
