// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;

/// MLIR refused what the compiler asked of it: an operation that cannot be built, IR that does not verify. The
/// compiler is wrong, not its user.
public final class MlirException extends KccException {
  public MlirException(List<Diagnostic> diagnostics) {
    super(diagnostics);
  }

  @Override
  public Outcome outcome() {
    return Outcome.INTERNAL_ERROR;
  }
}
