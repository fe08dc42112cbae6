// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// A product that may still run when the next step of its loop begins the next one: nothing but that next product looks at
/// its result. Then the matrix unit never waits for a group to hear that it is done.
///
/// @param carried place of the accumulator among the values that the loop carries
/// @param ring    the channel of its factors, whose slots are given back one step later
record RunningProduct(Operation loop, Operation product, int carried, Specialization.Ring ring) {

  /// The product of a loop that can run on, or null.
  static RunningProduct of(Operation loop, Specialization plan) {
    Operation only = null;
    for (Operation product : plan.products().keySet()) {
      if (isIn(product, loop)) {
        if (only != null || !product.block().equals(loop.region(0).first())) {
          return null;
        }
        only = product;
      }
    }
    if (only == null || plan.products().get(only).isSummedInPieces()) {
      return null;
    }
    Block body = loop.region(0).first();
    Value accumulator = only.operand(2);
    if (!accumulator.isBlockArgument() || !accumulator.ownerBlock().equals(body) || !accumulator.hasOneUse()
        || !only.result().hasOneUse()) {
      return null;
    }
    int carried = accumulator.index() - 1;
    Use use = only.result().uses().getFirst();
    if (!use.owner().equals(body.terminator()) || use.operand() != carried) {
      return null;
    }
    for (Specialization.Ring ring : plan.channels()) {
      if (ring.last().equals(only) && ring.loads().size() == 2) {
        return new RunningProduct(loop, only, carried, ring);
      }
    }
    return null;
  }

  private static boolean isIn(Operation inner, Operation outer) {
    for (Operation op = inner.parent(); op != null; op = op.parent()) {
      if (op.equals(outer)) {
        return true;
      }
    }
    return false;
  }
}
