// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import java.util.ArrayList;
import java.util.List;

/// The parts of an input file between lines `// -----`.
final class InputParts {
  static final String MARKER = "// -----";

  private InputParts() {}

  /// Each part keeps its place in the file: empty lines stand for what is before it, so that locations in messages
  /// are those of the file.
  static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int line = 0;
    for (String content : text.split("\n", -1)) {
      line++;
      if (content.stripTrailing().equals(MARKER)) {
        parts.add(part.toString());
        part = new StringBuilder("\n".repeat(line));
      } else {
        part.append(content).append('\n');
      }
    }
    parts.add(part.toString());
    return parts;
  }
}
