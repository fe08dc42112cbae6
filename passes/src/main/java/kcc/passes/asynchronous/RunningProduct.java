// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// A product that may still run when the next step of its loop begins the next one: nothing but that next product looks at
/// its result. Then the matrix unit never waits for a group to hear that it is done.
///
/// Where the matrix unit's sums are too coarse and one warp group is alone, a step begins two products, each of half the depth and from nothing:
/// ```text
///   wait for the second half of the step before; its slot is free
///   begin the first half      add that second half
///   begin the second half     wait for the first half, add it
/// ```
/// So one half is multiplied while the other is added, in registers that do not change from step to step. (Waiting only
/// behind the begin of the first half would leave the matrix unit no gap, but ptxas does not follow what is waited for
/// from one iteration to the next and lets all products run one after the other, C7514.)
///
/// @param carried place of the accumulator among the values that the loop carries
/// @param rings   the channels of its factors, whose slots are given back one step later
/// @param halves  whether it is begun in halves
record RunningProduct(Operation loop, Operation product, int carried, List<Specialization.Ring> rings, boolean halves) {
  RunningProduct {
    rings = List.copyOf(rings);
  }

  /// The product of a loop that can run on, or null.
  static RunningProduct of(Operation loop, Specialization plan) {
    Operation only = null;
    for (Operation product : plan.products().keySet()) {
      if (product.isInside(loop)) {
        if (only != null || !product.block().equals(loop.region(0).first())) {
          return null;
        }
        only = product;
      }
    }
    if (only == null || plan.products().get(only).isSummedInPieces() && !plan.halved().contains(only)) {
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
    Operation product = only;
    List<Specialization.Ring> rings = plan.channels().stream().filter(ring -> ring.last().equals(product)).toList();
    boolean hasBoth = rings.stream().mapToInt(ring -> ring.factors().size()).sum() == 2;
    return hasBoth ? new RunningProduct(loop, only, carried, rings, plan.halved().contains(only)) : null;
  }
}
