// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kcc.launcher.LauncherException;

/// A Java runtime with nothing in it but what the launcher needs, made by `jlink` of the JDK at hand.
final class JavaRuntime {
  /// JavaCPP logs through java.logging and reaches for sun.misc.Unsafe; so does Gson.
  private static final String MODULES = "java.base,java.logging,jdk.unsupported";

  private JavaRuntime() {}

  static void make(Path folder) {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) {
      throw new LauncherException(
          "%s is missing, so no Java runtime can be made for the bundle; use a JDK that has it".formatted(jlink));
    }
    List<String> command = List.of(
        jlink.toString(), "--add-modules", MODULES, "--strip-debug", "--no-header-files", "--no-man-pages",
        "--compress", "zip-6", "--output", folder.toString());
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new LauncherException("jlink failed: " + output.strip());
      }
    } catch (IOException failure) {
      throw new LauncherException("cannot run %s: %s".formatted(jlink, failure.getMessage()), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new LauncherException("interrupted", interrupted);
    }
  }
}
