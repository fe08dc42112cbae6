// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiagnosticPrinterTest {
  private static DiagnosticPrinter over(String text) {
    return new DiagnosticPrinter(SourceText.of(Map.of("k.kpy", text)), false);
  }

  private static SourceLocation at(int line, int column) {
    return new SourceLocation("k.kpy", line, column);
  }

  @Test
  void quotesTheLineAndUnderlinesTheWord() {
    Diagnostic unknown = Diagnostic.error("KCC1001", at(2, 9), "unknown name 'zeroes'")
        .withNote(at(1, 1), "names come from here")
        .withHelp("did you mean 'zeros'?");
    assertEquals("""
        k.kpy:2:9: error: unknown name 'zeroes' [KCC1001]
           2 |   acc = zeroes([BM, BN])
             |         ^~~~~~
        k.kpy:1:1: note: names come from here
           1 | from kcc import *
             | ^~~~
        help: did you mean 'zeros'?
        """, over("from kcc import *\n  acc = zeroes([BM, BN])\n").render(unknown));
  }

  @Test
  void tabsAreExpandedAlikeAboveAndBelow() {
    assertEquals("""
        k.kpy:1:4: warning: odd
           1 |     a   += 1
             |         ^
        """, over("\ta\t+= 1").render(Diagnostic.warning(null, at(1, 4), "odd")));
  }

  @Test
  void wideCharactersTakeTwoCells() {
    String rendered = over("s = '\u6f22\u5b57' + x").render(Diagnostic.error("KCC1002", at(1, 12), "bad"));
    String[] lines = rendered.split("\n");
    // Two characters of two cells each: the caret stands two cells further right than its column says.
    assertEquals("     | ".length() + 11 + 2, lines[2].indexOf('^'));
  }

  @Test
  void ofALongLineOnlyTheSurroundingsAreQuoted() {
    String line = "1 + ".repeat(100_000);
    int column = 4 * 50_000 + 1;
    String rendered = over(line).render(Diagnostic.error(null, at(1, column), "bad"));
    String[] lines = rendered.split("\n");
    assertTrue(lines[1].length() < 200 && lines[1].startsWith("   1 | ...") && lines[1].endsWith("..."), lines[1]);
    assertEquals('1', lines[1].charAt(lines[2].indexOf('^')));
    // At both ends nothing is left out that is there.
    String atStart = over(line).render(Diagnostic.error(null, at(1, 1), "bad")).split("\n")[1];
    assertTrue(atStart.startsWith("   1 | 1 + ") && atStart.endsWith("..."), atStart);
    String[] atEnd = over(line).render(Diagnostic.error(null, at(1, line.length() + 1), "bad")).split("\n");
    assertTrue(atEnd[1].startsWith("   1 | ...") && atEnd[1].endsWith("1 + "), atEnd[1]);
    assertEquals(atEnd[1].length(), atEnd[2].indexOf('^'));
  }

  @Test
  void aVeryLongWordIsCut() {
    String rendered = over("a".repeat(1_000_000)).render(Diagnostic.error(null, at(1, 1), "unknown name '" + "a".repeat(1_000_000) + "'"));
    assertTrue(rendered.length() < 700, rendered.length() + " characters");
    assertTrue(rendered.contains("unknown name '" + "a".repeat(100) + "...'"), rendered);
  }

  @Test
  void caretMayStandJustBehindTheLineButNotFurther() {
    assertTrue(over("abc").render(Diagnostic.error(null, at(1, 4), "unexpected end of line")).endsWith("     |    ^\n"));
    assertEquals("k.kpy:1:5: error: beyond\n   1 | abc\n",
        over("abc").render(Diagnostic.error(null, at(1, 5), "beyond")));
  }

  @Test
  void unknownPlacesPrintWithoutQuote() {
    DiagnosticPrinter printer = over("abc");
    assertEquals("error: no place [KCC5001]\n", printer.render(Diagnostic.error("KCC5001", null, "no place")));
    assertEquals("gone.kpy:7:1: error: no file\n",
        printer.render(Diagnostic.error(null, new SourceLocation("gone.kpy", 7, 1), "no file")));
    assertEquals("k.kpy: remark: whole file\n", printer.render(Diagnostic.remark(null, at(0, 0), "whole file")));
    assertEquals("k.kpy:9:1: error: past the end\n",
        printer.render(Diagnostic.error(null, at(9, 1), "past the end")));
  }

  @Test
  void malformedBytesInAFileDoNotStopTheMessage(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("bad.kpy");
    byte[] bytes = "x = ?\n".getBytes(StandardCharsets.ISO_8859_1);
    bytes[4] = (byte) 0xff;
    Files.write(file, bytes);
    String rendered = DiagnosticPrinter.plain()
        .render(List.of(Diagnostic.error("KCC1003", new SourceLocation(file.toString(), 1, 5), "not UTF-8")));
    assertTrue(rendered.contains("   1 | x = \ufffd\n     |     ^\n"), rendered);
  }

  @Test
  void colorsWrapOnlyThePaintedParts() {
    String rendered = new DiagnosticPrinter(SourceText.of(Map.of("k.kpy", "abc")), true)
        .render(Diagnostic.error("KCC1004", at(1, 1), "bad"));
    assertTrue(rendered.contains("\u001b[1;31merror:\u001b[0m"), rendered);
    assertEquals("k.kpy:1:1: error: bad [KCC1004]\n   1 | abc\n     | ^~~\n",
        rendered.replaceAll("\u001b\\[[0-9;]*m", ""));
  }
}
