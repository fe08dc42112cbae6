// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.opt;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Severity;
import kcc.mlir.diag.SourceLocation;

/// Compares messages with the comments that announce them, as MLIR's `SourceMgrDiagnosticVerifierHandler` does:
///
/// ```text
/// // expected-error {{part of the text}}           on this line
/// // expected-error @+1 {{...}}                    so many lines further, also @-1
/// // expected-note @above {{...}}                  on the nearest line without such a comment, also @below
/// // expected-warning @unknown {{...}}             without a place
/// // expected-remark-re {{text with {{[0-9]+}}}}   parts in inner braces are regular expressions
/// ```
final class ExpectedDiagnostics {
  private static final Pattern EXPECTED = Pattern.compile(
      "expected-(error|note|remark|warning)(-re)? *(@(?:[+-][0-9]+|above|below|unknown))? *\\{\\{(.*)\\}\\}\\s*$");

  private static final class Expectation {
    final Severity severity;
    final Pattern text;
    final String written;
    final int writtenAt;
    /// Line in the file, 0 for messages without a place.
    int line;
    boolean met;

    Expectation(Severity severity, Pattern text, String written, int writtenAt) {
      this.severity = severity;
      this.text = text;
      this.written = written;
      this.writtenAt = writtenAt;
    }
  }

  private final String file;
  private final List<Expectation> expectations = new ArrayList<>();
  private final List<Diagnostic> problems = new ArrayList<>();

  ExpectedDiagnostics(String file, String text) {
    this.file = file;
    List<Expectation> below = new ArrayList<>();
    int lastPlainLine = 0;
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      Matcher matcher = EXPECTED.matcher(line);
      if (!matcher.find()) {
        for (Expectation expectation : below) {
          expectation.line = number;
        }
        below.clear();
        lastPlainLine = number;
        continue;
      }
      Expectation expectation = expectation(matcher, number);
      String place = matcher.group(3);
      if (place == null) {
        expectation.line = number;
      } else {
        switch (place) {
          case "@above" -> expectation.line = lastPlainLine;
          case "@below" -> below.add(expectation);
          case "@unknown" -> expectation.line = 0;
          default -> expectation.line = number + Integer.parseInt(place.substring(1));
        }
      }
      expectations.add(expectation);
    }
  }

  private Expectation expectation(Matcher matcher, int line) {
    Severity severity = Severity.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
    String written = matcher.group(4);
    Pattern pattern;
    try {
      pattern = matcher.group(2) == null ? Pattern.compile(Pattern.quote(written)) : mixed(written);
    } catch (PatternSyntaxException malformed) {
      problems.add(Diagnostic.error(null, new SourceLocation(file, line, 1),
          "malformed regular expression: " + malformed.getDescription()));
      pattern = Pattern.compile(Pattern.quote(written));
    }
    return new Expectation(severity, pattern, written, line);
  }

  /// Literal text with regular expressions between inner braces.
  private static Pattern mixed(String written) {
    StringBuilder pattern = new StringBuilder();
    int at = 0;
    while (at < written.length()) {
      int open = written.indexOf("{{", at);
      int close = open < 0 ? -1 : written.indexOf("}}", open);
      if (close < 0) {
        break;
      }
      pattern.append(Pattern.quote(written.substring(at, open)));
      pattern.append('(').append(written, open + 2, close).append(')');
      at = close + 2;
    }
    return Pattern.compile(pattern.append(Pattern.quote(written.substring(at))).toString());
  }

  /// Takes note of a message and of its notes.
  void met(Diagnostic diagnostic) {
    int line = diagnostic.location() == null ? 0 : diagnostic.location().line();
    Expectation matching = null;
    for (Expectation expectation : expectations) {
      if (!expectation.met && expectation.severity == diagnostic.severity() && expectation.line == line
          && expectation.text.matcher(diagnostic.text()).find()) {
        matching = expectation;
        break;
      }
    }
    if (matching != null) {
      matching.met = true;
    } else {
      problems.add(Diagnostic.error(null, diagnostic.location(),
          "unexpected " + diagnostic.severity().label() + ": " + diagnostic.text()));
    }
    diagnostic.notes().forEach(this::met);
  }

  /// What was not expected, and what did not come. Empty when all is as announced.
  List<Diagnostic> problems() {
    List<Diagnostic> all = new ArrayList<>(problems);
    for (Expectation expectation : expectations) {
      if (!expectation.met) {
        all.add(Diagnostic.error(null, new SourceLocation(file, expectation.writtenAt, 1),
            "expected %s \"%s\" was not produced".formatted(expectation.severity.label(), expectation.written)));
      }
    }
    return all;
  }
}
