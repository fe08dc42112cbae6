// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.util.List;

/// The compile cannot go on, for a reason told by diagnostics. This class itself means that the user's input is
/// wrong; what is valid but unsupported and what is the compiler's own fault have subclasses. A missed optimisation
/// is no exception but a remark.
public class KccException extends RuntimeException {
  private final transient List<Diagnostic> diagnostics;

  public KccException(Diagnostic... diagnostics) {
    this(List.of(diagnostics), null);
  }

  public KccException(List<Diagnostic> diagnostics) {
    this(diagnostics, null);
  }

  public KccException(List<Diagnostic> diagnostics, Throwable cause) {
    super(message(diagnostics), cause);
    this.diagnostics = List.copyOf(diagnostics);
  }

  public Outcome outcome() {
    return Outcome.USER_ERROR;
  }

  /// At least the message that explains the exception; never empty.
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  private static String message(List<Diagnostic> diagnostics) {
    if (diagnostics.isEmpty()) {
      throw new IllegalArgumentException("an exception needs a diagnostic that explains it");
    }
    StringBuilder text = new StringBuilder(diagnostics.getFirst().headline());
    for (Diagnostic more : diagnostics.subList(1, diagnostics.size())) {
      text.append('\n').append(more.headline());
    }
    return text.toString();
  }
}
