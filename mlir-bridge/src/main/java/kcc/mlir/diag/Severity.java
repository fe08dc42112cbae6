// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.diag;

/// How bad it is. A remark reports an optimisation that was made or missed; a note belongs to another diagnostic.
public enum Severity {
  ERROR("error"),
  WARNING("warning"),
  REMARK("remark"),
  NOTE("note");

  private final String label;

  Severity(String label) {
    this.label = label;
  }

  /// The word that is printed.
  public String label() {
    return label;
  }
}
