// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;

/// LLVM refused what the compiler asked of it. The compiler is wrong, not its user.
public final class LlvmException extends KccException {
  LlvmException(List<Diagnostic> diagnostics) {
    super(diagnostics);
  }

  static LlvmException saying(String text) {
    return new LlvmException(List.of(Diagnostic.error("KCC4901", null, text)));
  }

  @Override
  public Outcome outcome() {
    return Outcome.INTERNAL_ERROR;
  }
}
