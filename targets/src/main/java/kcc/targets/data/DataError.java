// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.SourceLocation;

/// A data file that cannot be used; always with the place in it.
final class DataError {
  static final String CODE = "KCC4002";

  private DataError() {}

  static KccException at(SourceLocation place, String text) {
    return new KccException(Diagnostic.error(CODE, place, text));
  }
}
