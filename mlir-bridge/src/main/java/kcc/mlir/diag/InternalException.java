// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

import java.nio.file.Path;
import java.util.List;

/// The compiler itself is wrong. Carries the pass that failed and the file that reproduces it, where they are known.
public final class InternalException extends KccException {
  private final String pass;
  private final transient Path reproducer;

  public InternalException(Diagnostic... diagnostics) {
    this(null, null, List.of(diagnostics), null);
  }

  public InternalException(String pass, Path reproducer, List<Diagnostic> diagnostics, Throwable cause) {
    super(diagnostics, cause);
    this.pass = pass;
    this.reproducer = reproducer;
  }

  /// Flag of the pass that failed, or null when it was none.
  public String pass() {
    return pass;
  }

  /// File with the pipeline and the IR before the failing pass, or null when none could be written.
  public Path reproducer() {
    return reproducer;
  }

  @Override
  public Outcome outcome() {
    return Outcome.INTERNAL_ERROR;
  }
}
