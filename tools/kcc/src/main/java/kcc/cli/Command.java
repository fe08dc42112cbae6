// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// A subcommand. Errors the user can mend leave as `KccException`, `LauncherException` or [UsageException].
interface Command {
  String name();

  /// One line for the list of commands.
  String summary();

  /// What follows the command's name, for example `FILE -o OUT`.
  String synopsis();

  /// Further explanation for `kcc help NAME`; may be empty.
  String details();

  Options options();

  Outcome run(CommandLine line, Terminal terminal);
}
