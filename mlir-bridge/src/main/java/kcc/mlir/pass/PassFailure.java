// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;

/// A pass found that the user's program cannot be compiled.
public final class PassFailure extends KccException {
  public PassFailure(Diagnostic diagnostic) {
    super(diagnostic);
  }
}
