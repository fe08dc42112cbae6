// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import kcc.mlir.diag.SourceLocation;

/// A piece of source text, from its first character up to the place just behind its last one. Lines and columns count
/// from 1, columns in code points.
public record Span(String file, int line, int column, int endLine, int endColumn) {
  /// Where a message about this text points.
  public SourceLocation start() {
    return new SourceLocation(file, line, column);
  }

  /// The text from the start of this piece to the end of `last`.
  public Span to(Span last) {
    return new Span(file, line, column, last.endLine, last.endColumn);
  }

  @Override
  public String toString() {
    return file + ":" + line + ":" + column + "-" + endLine + ":" + endColumn;
  }
}
