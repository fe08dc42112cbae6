// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/// Commands that take exactly one file.
final class SingleFile {
  private SingleFile() {}

  static Path of(CommandLine line, String usage) {
    List<String> words = line.getArgList();
    if (words.size() != 1) {
      throw new UsageException(
          words.isEmpty()
              ? "no file was given"
              : "one file was expected, not %d: %s".formatted(words.size(), String.join(" ", words)),
          "usage: " + usage);
    }
    return Path.of(words.getFirst());
  }
}
