// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.HashMap;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Tells conditions that leave out vectors in every block from those that only the last block needs.
///
/// A row is shorter than its tile wherever it lies: its length is an argument. Of an array that is cut into tiles only the
/// last one is not full, and a branch would cost all the others. What single elements decide is neither.
final class RowConditions {
    /// Where a row begins may differ that much from block to block, in elements: by less than a vector.
    private static final long LEAST_SHIFT = 64;

    private final Map<Value, Boolean> isSame = new HashMap<>();

    /// Whether one of the comparisons is between the place of a thread and something that is the same for all blocks.
    boolean contains(Conjunction condition) {
        return condition.above().keySet().stream().anyMatch(this::isSame)
                || condition.atMost().keySet().stream().anyMatch(this::isSame);
    }

    /// Whether a number is the same in all blocks and steps of a loop, or nearly so.
    private boolean isSame(Value value) {
        Boolean known = isSame.get(value);
        if (known == null) {
            known = find(value);
            isSame.put(value, known);
        }
        return known;
    }

    private boolean find(Value value) {
        Operation op = value.definingOp();
        if (op == null) {
            return value.ownerBlock().parentOp().is("gpu.func");
        }
        if (op.is("arith.constant") || op.is("gpu.thread_id") || isSmall(op)) {
            return true;
        }
        return op.name().startsWith("arith.") && op.operands().stream().allMatch(this::isSame);
    }

    /// Whether a number is a remainder of less than a vector.
    static boolean isSmall(Operation op) {
        Operation limit = op.operandCount() == 2 ? op.operand(1).definingOp() : null;
        return (op.is("arith.andi") || op.is("arith.remui") || op.is("arith.remsi")) && limit != null
                && limit.is("arith.constant") && limit.attribute("value").asLong() >= 0
                && limit.attribute("value").asLong() < LEAST_SHIFT;
    }
}
