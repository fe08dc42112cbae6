// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import kcc.launcher.LauncherException;

/// A program that makes part of a bundle.
final class ChildProcess {
  private ChildProcess() {}

  /// Runs it to its end; what it printed is part of the message when it fails.
  static void run(List<String> command) {
    String program = command.getFirst();
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new LauncherException("%s failed: %s".formatted(program, output.strip()));
      }
    } catch (IOException failure) {
      throw new LauncherException("cannot run %s: %s".formatted(program, failure.getMessage()), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LauncherException("interrupted", interrupted);
    }
  }
}
