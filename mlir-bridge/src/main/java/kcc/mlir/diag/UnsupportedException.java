// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

/// The input is valid, but the compiler or the target cannot do it; the diagnostics say what and where.
public final class UnsupportedException extends KccException {
  public UnsupportedException(Diagnostic... diagnostics) {
    super(diagnostics);
  }

  @Override
  public Outcome outcome() {
    return Outcome.UNSUPPORTED;
  }
}
