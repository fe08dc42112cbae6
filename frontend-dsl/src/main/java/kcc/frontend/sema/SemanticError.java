// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import kcc.mlir.diag.Diagnostic;

/// Ends the evaluation of one statement. Without a diagnostic it stands for an error that was reported before.
final class SemanticError extends RuntimeException {
  private final transient Diagnostic diagnostic;

  private SemanticError(Diagnostic diagnostic) {
    super(diagnostic == null ? "reported before" : diagnostic.text(), null, false, false);
    this.diagnostic = diagnostic;
  }

  static SemanticError at(Place place, FrontEndCode code, String text, String help) {
    return new SemanticError(
        place.explain(Diagnostic.error(code.key(), place.location(), text).withHelp(help)));
  }

  static SemanticError at(Place place, FrontEndCode code, String text) {
    return at(place, code, text, null);
  }

  static SemanticError of(Diagnostic diagnostic) {
    return new SemanticError(diagnostic);
  }

  static SemanticError reported() {
    return new SemanticError(null);
  }

  /// Null when the error was reported before.
  Diagnostic diagnostic() {
    return diagnostic;
  }
}
