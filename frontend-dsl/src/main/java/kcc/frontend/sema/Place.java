// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import kcc.frontend.syntax.Span;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.SourceLocation;

/// Where in the source an operation comes from: its own text and, inside an inlined helper, the place of the call.
public record Place(Span span, Place caller) {
  public SourceLocation location() {
    return span.start();
  }

  public Place at(Span other) {
    return new Place(other, caller);
  }

  /// Adds the calls that led here to a message.
  public Diagnostic explain(Diagnostic diagnostic) {
    Diagnostic explained = diagnostic;
    for (Place call = caller; call != null; call = call.caller()) {
      explained = explained.withNote(call.location(), "called from here");
    }
    return explained;
  }
}
