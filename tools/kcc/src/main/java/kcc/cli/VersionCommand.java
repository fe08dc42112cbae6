// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `kcc version`.
final class VersionCommand implements Command {
  @Override
  public String name() {
    return "version";
  }

  @Override
  public String summary() {
    return "print the version of kcc and of Java";
  }

  @Override
  public String synopsis() {
    return "";
  }

  @Override
  public String details() {
    return "";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    terminal.out().printf("kcc %s (Java %s)%n", current(), Runtime.version());
    return Outcome.DONE;
  }

  /// The version in the jar's manifest; classes run from a folder have none.
  static String current() {
    String version = VersionCommand.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }
}
