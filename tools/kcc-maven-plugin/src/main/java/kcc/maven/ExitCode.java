// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.nio.file.Path;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;

/** How kcc ended, in Maven's terms: a failure is the kernel's, an execution error that of the set-up or of kcc. */
record ExitCode(int value) {
  /** A shell and Java report a process that was ended by signal N as 128 + N. */
  private static final int SIGNAL = 128;

  void check(Path source) throws MojoFailureException, MojoExecutionException {
    switch (value) {
      case 0 -> { }
      case 1 -> throw new MojoFailureException(source + " was not compiled; the errors are printed above");
      case 2 -> throw new MojoExecutionException(
          "kcc could not start or did not take its options for " + source
              + "; the message above says why, the options come from the plugin's <configuration>");
      case 3 -> throw new MojoFailureException(
          source + " is valid, but kcc cannot compile it for these targets yet; the message above says what and where");
      case 70 -> throw new MojoExecutionException(
          "internal error of kcc in " + source + "; to report it, send the messages above and the reproducer they name");
      default -> throw new MojoExecutionException(
          value > SIGNAL
              ? "kcc was ended by signal %d while it compiled %s".formatted(value - SIGNAL, source)
              : "kcc ended with the unknown exit code %d while it compiled %s".formatted(value, source));
    }
  }
}
