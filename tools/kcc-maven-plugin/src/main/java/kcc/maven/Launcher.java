// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Finds and starts the script {@code kcc}. */
record Launcher(Path script) {
  private static final String NAME = "kcc";
  private static final String HELP = "set <kcc> or -Dkcc.launcher to the script kcc itself, or -Dkcc.home or the variable"
      + " KCC_HOME to the folder that has it, or put it on PATH";

  /**
   * What is named first counts: the script, the folder of the property, the variable, PATH. A place that is named
   * and has no kcc is an error, because another version further down the list would go unnoticed.
   *
   * @param configured the script, or null
   * @param home value of the property kcc.home, or null
   */
  static Launcher find(File configured, File home, Map<String, String> environment) {
    if (configured != null) {
      return named(configured.toPath(), "<kcc>");
    }
    if (home != null) {
      return named(home.toPath().resolve(NAME), "the property kcc.home");
    }
    String variable = environment.get("KCC_HOME");
    if (variable != null && !variable.isBlank()) {
      return named(Path.of(variable).resolve(NAME), "the variable KCC_HOME");
    }
    for (String folder : environment.getOrDefault("PATH", "").split(File.pathSeparator)) {
      Path script = Path.of(folder).resolve(NAME);
      if (!folder.isEmpty() && isProgram(script)) {
        return new Launcher(script.toAbsolutePath());
      }
    }
    throw new IllegalArgumentException(
        "kcc was not found: the property kcc.home and the variable KCC_HOME are not set, and PATH has none; " + HELP);
  }

  private static Launcher named(Path script, String by) {
    if (!isProgram(script)) {
      throw new IllegalArgumentException(
          "'%s', named by %s, is not a program that can be started; %s".formatted(script, by, HELP));
    }
    return new Launcher(script.toAbsolutePath());
  }

  private static boolean isProgram(Path script) {
    return Files.isRegularFile(script) && Files.isExecutable(script);
  }

  /** Runs a command to its end, passing on each line it prints, and returns its exit code. */
  static int run(List<String> commandLine, Path folder, Consumer<String> lines)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(commandLine).directory(folder.toFile()).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      try (BufferedReader output =
          new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          lines.accept(line);
        }
      }
      return process.waitFor();
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
  }
}
