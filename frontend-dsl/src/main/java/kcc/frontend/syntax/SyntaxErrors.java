// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.SourceLocation;
import org.antlr.v4.runtime.Token;

/// Collects the errors of one file: at most one for each line, because what follows the first is mostly its echo, and
/// at most `LIMIT` in all.
final class SyntaxErrors {
  static final int LIMIT = 20;
  static final String CODE = "KCC1001";

  private final String file;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Set<Integer> linesWithError = new HashSet<>();
  private final BitSet brokenLines = new BitSet();

  SyntaxErrors(String file) {
    this.file = file;
  }

  void add(Token token, String text, String help) {
    add(token.getLine(), token.getCharPositionInLine() + 1, text, help);
  }

  void add(int line, int column, String text, String help) {
    if (isFull() || brokenLines.get(line) || !linesWithError.add(line)) {
      return;
    }
    diagnostics.add(Diagnostic.error(CODE, new SourceLocation(file, line, column), text).withHelp(help));
  }

  /// Lines swallowed by an open bracket: what the parser would say about them is wrong.
  void ignoreLines(int first, int last) {
    brokenLines.set(first, last + 1);
  }

  boolean isFull() {
    return diagnostics.size() >= LIMIT;
  }

  boolean isEmpty() {
    return diagnostics.isEmpty();
  }

  int count() {
    return diagnostics.size();
  }

  /// Forgets what came after the first `count` errors, before a second attempt.
  void truncate(int count) {
    while (diagnostics.size() > count) {
      linesWithError.remove(diagnostics.removeLast().location().line());
    }
  }

  /// In the order of the text.
  List<Diagnostic> sorted() {
    return diagnostics.stream().sorted((a, b) -> a.location().compareTo(b.location())).toList();
  }
}
