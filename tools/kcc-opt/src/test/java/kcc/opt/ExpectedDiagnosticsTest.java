// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.SourceLocation;
import org.junit.jupiter.api.Test;

class ExpectedDiagnosticsTest {
  private static final String FILE = "a.mlir";

  private static SourceLocation line(int number) {
    return new SourceLocation(FILE, number, 5);
  }

  private static List<Diagnostic> problems(String text, Diagnostic... said) {
    ExpectedDiagnostics expected = new ExpectedDiagnostics(FILE, text);
    for (Diagnostic diagnostic : said) {
      expected.met(diagnostic);
    }
    return expected.problems();
  }

  @Test
  void everyWayToNameALine() {
    String text = """
        op // expected-error {{here}}
        // expected-error @+2 {{two on}}
        // expected-note @below {{first below}}
        // expected-remark@below {{second below}}
        op
        // expected-warning @above {{above}}
        // expected-warning @-2 {{back}}
        // expected-error @unknown {{nowhere}}
        """;
    assertEquals(
        List.of(),
        problems(
            text,
            Diagnostic.error(null, line(1), "it is here"),
            Diagnostic.error(null, line(4), "two on"),
            Diagnostic.note(line(5), "the first below"),
            Diagnostic.remark(null, line(5), "the second below"),
            Diagnostic.warning(null, line(5), "above"),
            Diagnostic.warning(null, line(5), "going back"),
            Diagnostic.error(null, null, "nowhere")));
  }

  @Test
  void notesCountOnTheirOwn() {
    Diagnostic error = Diagnostic.error(null, line(1), "bad").withNote(line(2), "because of this");
    assertEquals(List.of(), problems("op // expected-error {{bad}}\nop // expected-note {{because}}\n", error));
    List<Diagnostic> problems = problems("op // expected-error {{bad}}\n", error);
    assertEquals("unexpected note: because of this", problems.getFirst().text());
  }

  @Test
  void whatDoesNotComeIsAProblem() {
    List<Diagnostic> problems = problems("op // expected-error {{bad}}\n");
    assertEquals("expected error \"bad\" was not produced", problems.getFirst().text());
    assertEquals(1, problems.getFirst().location().line());
  }

  @Test
  void wrongLineTextOrSeverityDoesNotMatch() {
    String text = "op // expected-error {{bad}}\n";
    assertEquals(2, problems(text, Diagnostic.error(null, line(2), "bad")).size());
    assertEquals(2, problems(text, Diagnostic.error(null, line(1), "good")).size());
    assertEquals(2, problems(text, Diagnostic.warning(null, line(1), "bad")).size());
  }

  @Test
  void oneCommentMatchesOneMessage() {
    Diagnostic bad = Diagnostic.error(null, line(1), "bad");
    assertEquals(1, problems("op // expected-error {{bad}}\n", bad, bad).size());
  }

  @Test
  void regularExpressions() {
    String text = "op // expected-error-re {{needs {{[0-9]+}} bytes (really)}}\n";
    assertEquals(List.of(), problems(text, Diagnostic.error(null, line(1), "needs 42 bytes (really)")));
    assertEquals(2, problems(text, Diagnostic.error(null, line(1), "needs many bytes (really)")).size());
    assertTrue(problems("op // expected-error-re {{a {{[}} b}}\n").getFirst().text().contains("malformed"));
  }

  @Test
  void partsKeepTheirLines() {
    List<String> parts = InputParts.split("a\n// -----\nb\nc // expected-error {{bad}}\n");
    assertEquals(2, parts.size());
    assertEquals("a\n", parts.get(0));
    assertTrue(parts.get(1).startsWith("\n\nb\n"));
    assertEquals(List.of(), problems(parts.get(1), Diagnostic.error(null, line(4), "bad")));
  }
}
