// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The fat binary of one source, and the stamp beside it that says what it was made from and with. */
record KernelOutput(Path source, Path file) {
  private static final String STAMP = ".options";
  private static final String ENDING = ".kcc";

  /** The output of a source given by its path below the folder of sources; subfolders are kept. */
  static KernelOutput of(Path sources, String name, Path outputs) {
    return new KernelOutput(sources.resolve(name), outputs.resolve(name.replaceFirst("\\.[^./\\\\]*$", "") + ENDING));
  }

  /**
   * Whether the output is newer than the source and was made by this command. A stamp older than the output is of
   * the output before it: the build was stopped between the two.
   */
  boolean isCurrent(List<String> commandLine) throws IOException {
    return Files.exists(file)
        && Files.exists(stamp())
        && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(source)) > 0
        && Files.getLastModifiedTime(stamp()).compareTo(Files.getLastModifiedTime(file)) >= 0
        && Files.readString(stamp()).equals(stampText(commandLine));
  }

  /** To be called once the output is written. */
  void writeStamp(List<String> commandLine) throws IOException {
    Files.writeString(stamp(), stampText(commandLine));
  }

  /** Removes what was made from sources that are gone, so that it does not stay in the jar. */
  static void removeOrphans(Path outputs) throws IOException {
    if (!Files.isDirectory(outputs)) {
      return;
    }
    List<Path> stamps;
    try (Stream<Path> files = Files.walk(outputs)) {
      stamps = files.filter(path -> path.toString().endsWith(ENDING + STAMP)).toList();
    }
    for (Path stamp : stamps) {
      // The source comes first, as stampText writes it.
      List<String> lines = Files.readAllLines(stamp);
      if (lines.isEmpty() || !Files.exists(Path.of(lines.get(0)))) {
        String name = stamp.getFileName().toString();
        Files.deleteIfExists(stamp.resolveSibling(name.substring(0, name.length() - STAMP.length())));
        Files.delete(stamp);
      }
    }
  }

  private Path stamp() {
    return file.resolveSibling(file.getFileName() + STAMP);
  }

  private String stampText(List<String> commandLine) {
    return source + "\n" + String.join("\n", commandLine) + "\n";
  }
}
