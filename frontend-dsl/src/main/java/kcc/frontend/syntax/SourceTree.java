// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

import java.util.List;
import kcc.mlir.diag.Diagnostic;

/// What was read of one file: the statements that could be understood, and what was wrong with the others.
public record SourceTree(String file, List<Statement> statements, List<Diagnostic> diagnostics) {
  public SourceTree {
    statements = List.copyOf(statements);
    diagnostics = List.copyOf(diagnostics);
  }

  public boolean hasErrors() {
    return !diagnostics.isEmpty();
  }
}
