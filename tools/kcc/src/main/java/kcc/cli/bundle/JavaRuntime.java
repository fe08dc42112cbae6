// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kcc.launcher.LauncherException;

/// A Java runtime with nothing in it but what the launcher needs, made by `jlink` of the JDK at hand.
final class JavaRuntime {
  /// JavaCPP logs through java.logging and reaches for sun.misc.Unsafe; so does Gson.
  private static final String MODULES = "java.base,java.logging,jdk.unsupported";

  private JavaRuntime() {}

  /// What is packed as a whole later must not be packed before.
  private static final String COMPRESSION = "zip-0";

  static void make(Path folder) {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) {
      throw new LauncherException(
          "%s is missing, so no Java runtime can be made for the bundle; use a JDK that has it".formatted(jlink));
    }
    List<String> command = List.of(
        jlink.toString(), "--add-modules", MODULES, "--strip-debug", "--no-header-files", "--no-man-pages",
        "--compress", COMPRESSION, "--output", folder.toString());
    ChildProcess.run(command);
  }
}
