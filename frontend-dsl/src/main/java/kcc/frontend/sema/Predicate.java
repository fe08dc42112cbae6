// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

/// Comparisons, with their numbers in `arith.cmpi` and `arith.cmpf`. Floating comparisons are ordered (false with a
/// NaN) except for `!=`.
public enum Predicate {
  EQ(0), NE(1), SLT(2), SLE(3), SGT(4), SGE(5), ULT(6), ULE(7), UGT(8), UGE(9),
  OEQ(1), OGT(2), OGE(3), OLT(4), OLE(5), UNE(13),
  /// True also if one side is a NaN.
  LESS_OR_NAN(11);

  private final int code;

  Predicate(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public boolean isFloating() {
    return ordinal() >= OEQ.ordinal();
  }
}
