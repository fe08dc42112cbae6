// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

/// The process: exit code out, everything else in [Kcc].
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(new Kcc(Terminal.ofProcess()).run(arguments).exitCode());
  }
}
