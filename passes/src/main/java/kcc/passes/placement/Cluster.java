// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;

/// How many blocks, launched together as a cluster along x, run one program.
public final class Cluster {
    private static final String BLOCKS = "kcc.cluster_blocks";

    private Cluster() {}

    /// A power of two, 1 without a cluster.
    public static int blocks(Operation function) {
        Attribute blocks = function.attribute(BLOCKS);
        return blocks == null ? 1 : blocks.asInt();
    }

    static boolean isChosen(Operation function) {
        return function.hasAttribute(BLOCKS);
    }

    static void choose(Operation function, int blocks) {
        function.setAttribute(BLOCKS, Attributes.i32(function.context(), blocks));
    }
}
