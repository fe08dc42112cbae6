// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;

/// MLIR text that cannot be parsed, or does not verify.
public final class MlirParseException extends KccException {
  public MlirParseException(List<Diagnostic> diagnostics) {
    super(diagnostics);
  }
}
