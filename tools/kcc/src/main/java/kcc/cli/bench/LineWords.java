// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.util.ArrayList;
import java.util.List;
import kcc.launcher.LauncherException;

/// Splits a line at spaces that are neither inside parentheses nor inside double quotes; the quotes go.
final class LineWords {
  private LineWords() {}

  static List<String> of(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    boolean begun = false;
    for (char letter : line.toCharArray()) {
      if (letter == '"') {
        quoted = !quoted;
        begun = true;
      } else if (Character.isWhitespace(letter) && depth == 0 && !quoted) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
          begun = false;
        }
      } else {
        begun = true;
        word.append(letter);
        if (!quoted) {
          depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
        }
      }
    }
    if (quoted || depth != 0) {
      throw new LauncherException(quoted ? "a double quote is not closed" : "the parentheses do not match");
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }
}
