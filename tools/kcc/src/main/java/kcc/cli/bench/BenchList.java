// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.launcher.LauncherException;

/// A file with a benchmark on each line; `#` begins a comment, a backslash at the end goes on with the next line.
public final class BenchList {
  private BenchList() {}

  public static List<BenchLine> read(Path file) {
    List<String> text;
    try {
      text = Files.readAllLines(file);
    } catch (NoSuchFileException missing) {
      throw new LauncherException("there is no file '" + file + "'", missing);
    } catch (IOException failure) {
      throw new LauncherException("cannot read '%s': %s".formatted(file, failure.getMessage()), failure);
    }
    List<BenchLine> lines = new ArrayList<>();
    Path folder = file.toAbsolutePath().getParent();
    StringBuilder joined = new StringBuilder();
    int first = 0;
    for (int number = 1; number <= text.size(); number++) {
      String line = text.get(number - 1).strip();
      if (joined.isEmpty()) {
        first = number;
      }
      if (line.startsWith("#") || line.isEmpty() && joined.isEmpty()) {
        continue;
      }
      if (line.endsWith("\\") && number < text.size()) {
        joined.append(line, 0, line.length() - 1).append(' ');
        continue;
      }
      joined.append(line);
      lines.add(BenchLine.parse(joined.toString(), file + ":" + first, folder));
      joined.setLength(0);
    }
    if (lines.isEmpty()) {
      throw new LauncherException("'%s' has no benchmark".formatted(file));
    }
    return lines;
  }
}
