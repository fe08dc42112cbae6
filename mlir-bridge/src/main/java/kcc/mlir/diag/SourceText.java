// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the printer finds the lines it quotes.
@FunctionalInterface
public interface SourceText {
  /// Line `number` (from 1) of `file` without its line end, or null when it cannot be shown.
  String line(String file, int number);

  /// Reads files from disk when a line of them is first asked for. A file that cannot be read has no lines:
  /// a message without a quoted line is better than an error while reporting an error.
  static SourceText fromFiles() {
    Map<String, List<String>> read = new HashMap<>();
    return (file, number) -> {
      List<String> lines = read.computeIfAbsent(file, SourceText::readLines);
      return number >= 1 && number <= lines.size() ? lines.get(number - 1) : null;
    };
  }

  /// Text already in memory under the names it is reported with; other names fall back to files.
  static SourceText of(Map<String, String> textByFile) {
    Map<String, List<String>> linesByFile = new HashMap<>();
    textByFile.forEach((file, text) -> linesByFile.put(file, text.lines().toList()));
    SourceText files = fromFiles();
    return (file, number) -> {
      List<String> lines = linesByFile.get(file);
      if (lines == null) {
        return files.line(file, number);
      }
      return number >= 1 && number <= lines.size() ? lines.get(number - 1) : null;
    };
  }

  private static List<String> readLines(String file) {
    try {
      Path path = Path.of(file);
      if (!Files.isRegularFile(path)) {
        return List.of();
      }
      // The constructor replaces malformed bytes, where Files.readString would throw.
      return new String(Files.readAllBytes(path), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException | UncheckedIOException | InvalidPathException | SecurityException unreadable) {
      return List.of();
    }
  }
}
