// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;

/// The first meeting of the blocks of a cluster: each says at its entry that it has begun, and nobody touches the memory of
/// another block before all have. What lies between costs no waiting.
final class ClusterStart {
    private final Operation first;

    /// @param first operation of the function's body in which blocks meet first; null if they never do
    private ClusterStart(Operation first) {
        this.first = first;
    }

    static ClusterStart of(Block body, FragmentPlan plan) {
        for (Operation op : body.operations()) {
            boolean[] meets = {false};
            op.walkPreOrder(inner -> meets[0] |= inner.hasAttribute(Scratch.CLUSTER_BARRIER_BEFORE)
                    || plan.blockSums().containsKey(inner)
                    || plan.reductions().containsKey(inner) && plan.reductions().get(inner).acrossBlocks() != null);
            if (meets[0]) {
                return new ClusterStart(op);
            }
        }
        return new ClusterStart(null);
    }

    void begin(Emitter emitter) {
        if (first != null) {
            emitter.arriveAtCluster();
        }
    }

    void before(Operation op, Emitter emitter) {
        if (op.equals(first)) {
            emitter.waitForCluster();
        }
    }
}
