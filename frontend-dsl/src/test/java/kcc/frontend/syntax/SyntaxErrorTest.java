// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import kcc.mlir.diag.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxErrorTest {
  private static List<Diagnostic> errors(String text) {
    return SourceParser.parse(text, "k.py").diagnostics();
  }

  private static String only(String text) {
    List<Diagnostic> errors = errors(text);
    assertEquals(1, errors.size(), errors.toString());
    return errors.getFirst().headline();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
    "if a\\n  b\\n                 | k.py:1:5: error: expected ':' at the end of this line",
    "def f(a)\\n  pass\\n           | k.py:1:9: error: expected ':' at the end of this line",
    "if a = 1:\\n  pass\\n          | k.py:1:6: error: '=' assigns and cannot be used in a condition",
    "if a:\\nb\\n                   | k.py:2:1: error: expected an indented block after 'if' of line 1",
    "x = 1\\n  y = 2\\n             | k.py:2:3: error: unexpected indent",
    "if a:\\n    b\\n  c\\n          | k.py:3:3: error: unindent does not match any outer indentation level",
    "x = (1, 2\\ny = 3\\n            | k.py:1:5: error: '(' was never closed",
    "x = (1]\\n                     | k.py:1:7: error: ']' does not match the opening '(' of line 1",
    "x = 1)\\n                      | k.py:1:6: error: ')' closes nothing: no bracket is open here",
    "x = a b\\n                     | k.py:1:7: error: unexpected 'b' after 'a'",
    "print x\\n                     | k.py:1:7: error: 'x' cannot follow 'print' here",
    "x = 'abc\\n                    | k.py:1:5: error: this string is not closed on its line",
    "x = 1 +\\n                     | k.py:1:8: error: the line ends in the middle of a statement",
    "x = $1\\n                      | k.py:1:5: error: the character '$' is not allowed in Python source",
    "x = for\\n                     | k.py:1:5: error: 'for' is a keyword and cannot stand here",
    "f(a=1, b)\\n                   | k.py:1:8: error: a positional argument cannot follow a named one",
    "f() = 1\\n                     | k.py:1:1: error: a call cannot stand left of '='",
    "def f(a, a): pass\\n           | k.py:1:10: error: parameter 'a' is declared twice",
    "def f(a=1, b): pass\\n         | k.py:1:12: error: parameter 'b' without a default follows one that has a default",
    "x = 1 \\\\ # no\\ny\\n           | k.py:1:7: error: a backslash joins lines only at the very end of a line",
    "try:\\n  a\\nb\\n               | k.py:1:1: error: 'try' needs an 'except' or a 'finally'",
    "@a\\nx = 1\\n                   | k.py:2:1: error: a decorator must be followed by 'def' or 'class'"
  })
  void saysWhatIsWrongAndWhere(String text, String expected) {
    assertEquals(expected + " [KCC1001]", only(text.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")));
  }

  @Test
  void tabsAndSpacesMixedAsInPython() {
    assertEquals("k.py:3:2: error: inconsistent use of tabs and spaces in indentation [KCC1001]",
        only("if a:\n        b\n\tc\n"));
    assertEquals(List.of(), errors("if a:\n\tb\n\tif c:\n\t    d\n"));
  }

  @Test
  void severalErrorsInOneFile() {
    List<Diagnostic> errors = errors("""
        x = = 1
        def f(:
            y = 2
        z = 3
        def g():
            a = (1
            b = 2
            return c d
        """);
    assertEquals(List.of(1, 2, 6, 8), errors.stream().map(error -> error.location().line()).toList(), errors.toString());
  }

  @Test
  void notPython() {
    assertFalse(errors("int main() { return 0; }\n").isEmpty());
    assertTrue(errors("\u007fELF\u0000\u0001").getFirst().text().startsWith("this is not a text file"));
    assertTrue(errors("<html>\n<body>\n".repeat(100)).size() <= SyntaxErrors.LIMIT);
  }

  @ParameterizedTest
  @CsvSource(value = {"(,)", "[,]", "f(,)", "-,", "'not ',", "lambda: ,", "a**,", "'a if b else ',", "{1:,}"})
  void deepNestingIsOneCleanError(String opening, String closing) {
    int depth = 10_000;
    String text = "x = " + opening.repeat(depth) + "1" + (closing == null ? "" : closing.repeat(depth)) + "\n";
    String message = only(text);
    assertTrue(message.contains("nested") || message.contains("more than"), message);
  }

  @Test
  void deepBlocksAndLongChains() {
    StringBuilder blocks = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      blocks.append(" ".repeat(i)).append("if a:\n");
    }
    assertTrue(only(blocks.toString()).contains("blocks are nested more than 100 deep"));
    assertTrue(only("x = a" + " + a".repeat(100_000) + "\n").contains("more than 2000 operators"));
    assertTrue(only("x = a" + ".b".repeat(100_000) + "\n").contains("more than 2000 operators"));
    assertEquals(List.of(), errors("x = a" + " + a".repeat(1000) + "\n"));
    assertEquals(List.of(), errors("x = [" + "a, ".repeat(100_000) + "]\n"));
  }

  @Test
  void damagedSourcesNeverThrow() {
    String source = """
        from kcc import *
        M, N = sizes("M", "N")
        @kernel
        def softmax(X: Tensor[M, N, f32], Y: Tensor[M, N, f32], BN: const = 1024):
            row, = grid(M)
            x = X[row, 0:BN]  # comment
            x = where(arange(BN) < N, x, -inf)
            if BN > 1_024 and not x:
                e = exp(x - max(x, axis=0))
            else:
                e = '''long
                string''' + f"{x!r}" + {'a': [b for b in c]}
            Y[row, 0:BN] = e / sum(e, axis=0)
        """;
    long seed = 20261121;
    Random random = new Random(seed);
    String noise = "()[]{}:,.'\"\\\n\t #=+-*/<>@0x1eaf\u00e9\uD83D\uDE00\u0001";
    for (int round = 0; round < 3000; round++) {
      StringBuilder damaged = new StringBuilder(source);
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        int at = random.nextInt(Math.max(damaged.length(), 1));
        switch (random.nextInt(4)) {
          case 0 -> damaged.setLength(Math.max(at, 10));
          case 1 -> damaged.delete(at, at + 1 + random.nextInt(3));
          case 2 -> damaged.insert(at, noise.charAt(random.nextInt(noise.length())));
          default -> damaged.setCharAt(at, noise.charAt(random.nextInt(noise.length())));
        }
      }
      String text = damaged.toString();
      for (Diagnostic error : errors(text)) {
        assertTrue(error.location() != null && error.text() != null, "seed " + seed + " round " + round);
      }
    }
  }
}
