// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;

/// Changes the blocks of an operation one by one, each behind those inside of it.
final class InnermostFirst {
    private InnermostFirst() {}

    /// @param isEntered whether the blocks of an operation within are changed too
    /// @param change    gives how much it changed
    /// @return the sum of that
    static int change(Operation op, Predicate<Operation> isEntered, ToIntFunction<Block> change) {
        int changed = 0;
        for (Region region : op.regions()) {
            for (Block block : region.blocks()) {
                for (Operation inner : block.operations()) {
                    changed += inner.regionCount() > 0 && isEntered.test(inner) ? change(inner, isEntered, change) : 0;
                }
                changed += change.applyAsInt(block);
            }
        }
        return changed;
    }
}
