// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import kcc.frontend.sema.LanguageReference;
import org.junit.jupiter.api.Test;

/// `docs/language.md` holds tables made from the compiler's own. After a change of these run the test with
/// `-Dkcc.update.docs=true` to write them anew.
class LanguageDocumentTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "language.md");

  @Test
  void tablesAreTheCompilersOwn() throws IOException {
    String text = Files.readString(DOCUMENT);
    String updated = replace(replace(text, "types", LanguageReference.types()), "builtins", LanguageReference.builtins());
    if (Boolean.getBoolean("kcc.update.docs")) {
      Files.writeString(DOCUMENT, updated);
      return;
    }
    assertEquals(updated, text, "docs/language.md is older than the tables; see this test's comment");
  }

  private static String replace(String text, String table, String rows) {
    String begin = "<!-- begin generated: " + table + " -->\n";
    String end = "<!-- end generated: " + table + " -->";
    int from = text.indexOf(begin);
    int to = text.indexOf(end);
    assertTrue(from >= 0 && to > from, "docs/language.md lacks the markers of the table '" + table + "'");
    return text.substring(0, from + begin.length()) + rows + text.substring(to);
  }
}
