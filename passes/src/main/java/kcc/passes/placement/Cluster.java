// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;

/// How many blocks, launched together as a cluster along x, run one program.
///
/// Either its tiles are spread over them, or each has tiles of its own and they divide a sum among them
/// (`kcc.reduce_scatter`).
public final class Cluster {
    private static final String BLOCKS = "kcc.cluster_blocks";
    /// On functions whose blocks divide a sum.
    public static final String SUM_BLOCKS = "kcc.sum_blocks";

    private Cluster() {}

    /// The blocks over which tiles are spread: a power of two, 1 where each block has its own.
    public static int blocks(Operation function) {
        Attribute blocks = function.attribute(BLOCKS);
        return blocks == null ? 1 : blocks.asInt();
    }

    /// The blocks that divide a sum: a power of two, 1 where none is divided.
    public static int sumBlocks(Operation function) {
        Attribute blocks = function.attribute(SUM_BLOCKS);
        return blocks == null ? 1 : blocks.asInt();
    }

    static boolean isChosen(Operation function) {
        return function.hasAttribute(BLOCKS);
    }

    static void choose(Operation function, int blocks) {
        function.setAttribute(BLOCKS, Attributes.i32(function.context(), blocks));
    }
}
