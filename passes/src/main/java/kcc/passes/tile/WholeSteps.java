// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// A loop whose every step ends before or at `end`: the counter plus the step is never more.
///
/// @param end  what the loop of the source ran to
/// @param step a constant
record WholeSteps(Value end, long step) {
  /// On a loop whose bound is `end - (end - start) % step`.
  static final String MARK = "kcc.whole_steps";

  /// What is known of the loop that a value counts, or null.
  static WholeSteps ofCounter(Value counter) {
    if (!counter.isBlockArgument() || counter.index() != 0) {
      return null;
    }
    Operation loop = counter.ownerBlock().parentOp();
    if (!loop.is("scf.for")) {
      return null;
    }
    Long step = Scalars.constant(loop.operand(2));
    if (step == null) {
      return null;
    }
    Value end = loop.operand(1);
    if (isDivisible(loop, step)) {
      return new WholeSteps(end, step);
    }
    if (!loop.hasAttribute(MARK)) {
      return null;
    }
    Operation difference = end.definingOp();
    return new WholeSteps(difference != null && difference.is("arith.subi") ? difference.operand(0) : end, step);
  }

  /// Whether the steps fill the loop's range by what its constant bounds say.
  static boolean isDivisible(Operation loop, long step) {
    Long first = Scalars.constant(loop.operand(0));
    Long end = Scalars.constant(loop.operand(1));
    return first != null && end != null && (end - first) % step == 0;
  }
}
