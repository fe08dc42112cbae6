// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Loads of what all blocks read, such as weights, which nobody writes meanwhile.
///
/// Between branches, which no compiler moves loads across, their time would be waited for. What blocks of several warps load
/// behind a reduction, they load in the branch that uses it: registers are what they are short of (layer norm on an H200:
/// 0.88 instead of 0.68 of the copy with 2112 columns, 0.98 instead of 0.91 with 8192). Blocks of one warp load it together
/// with the rows: too few fit on a multiprocessor to hide the time in the branches (RMS norm of 1024 columns: 1.02 instead of
/// 0.90). What is loaded before a reduction stays there.
///
/// Different arguments are taken to be different arrays.
final class WeightLoads {
    private final Block block;
    private final Set<Value> written;
    private final int warps;
    private final Map<Value, Boolean> isOfBlock = new HashMap<>();
    /// The first one between threads; null if there is none.
    private final Operation exchange;

    private WeightLoads(Block block, Set<Value> written, int warps) {
        this.block = block;
        this.exchange = block.operations().stream().filter(op -> op.is("gpu.shuffle") || op.is("gpu.barrier")).findFirst()
                .orElse(null);
        this.written = written;
        this.warps = warps;
    }

    static WeightLoads of(Block block) {
        Operation function = block.parentOp().is("gpu.func") ? block.parentOp() : block.parentOp().ancestor("gpu.func");
        Set<Value> written = new HashSet<>();
        function.walkPreOrder(op -> {
            for (Value operand : op.operands()) {
                if (!op.is("llvm.load") && !op.is("kcc.load_vector") && !op.is("llvm.getelementptr")) {
                    written.add(root(operand));
                }
            }
        });
        Attribute warps = function.attribute("kcc.num_warps");
        return new WeightLoads(block, written, warps == null ? 1 : warps.asInt());
    }

    /// Whether an operation is a load that goes where its result is needed.
    boolean isLate(Operation op) {
        return isBranch(op) || warps > 1 && exchange != null && exchange.isBefore(op) && contains(op);
    }

    /// Warps of a block.
    int warps() {
        return warps;
    }

    /// Whether an operation is a branch that loads weights and has no other effects.
    boolean isBranch(Operation op) {
        if (!op.is("scf.if") || op.resultCount() == 0 || Demands.hasEffects(op)) {
            return false;
        }
        int[] loads = {0, 0};
        op.walkPreOrder(inner -> {
            loads[0] += isLoad(inner) ? 1 : 0;
            loads[1] += isLoad(inner) && contains(inner) ? 1 : 0;
        });
        return loads[0] > 0 && loads[0] == loads[1];
    }

    private static boolean isLoad(Operation op) {
        return op.is("llvm.load") || op.is("kcc.load_vector");
    }

    /// Moves the loads of a block of one warp to where the first element of a row is taken out of what is loaded.
    void hoist() {
        if (warps > 1) {
            return;
        }
        Operation first = null;
        for (Operation op : block.operations()) {
            if (first == null && op.is("llvm.extractelement")) {
                first = op;
            } else if (first != null && contains(op)) {
                hoist(op, first);
            }
        }
    }

    private void hoist(Operation load, Operation first) {
        List<Operation> needed = new ArrayList<>();
        if (collect(load, first, needed)) {
            needed.forEach(op -> op.moveBefore(first));
        }
    }

    /// Collects an operation and what it needs of behind another one, in the order of the text; false if that cannot be moved.
    private boolean collect(Operation op, Operation first, List<Operation> needed) {
        for (Value operand : op.operands()) {
            Operation from = operand.definingOp();
            if (from != null && block.equals(from.block()) && first.isBefore(from) && !needed.contains(from)
                    && (!Demands.isComputed(from) && !from.is("arith.constant") || !collect(from, first, needed))) {
                return false;
            }
        }
        needed.add(op);
        return true;
    }

    /// Whether an operation is such a load.
    boolean contains(Operation op) {
        Attribute cache = op.attribute("cache");
        Value root = isLoad(op) ? root(op.operand(0)) : null;
        return root != null && root.isBlockArgument() && !written.contains(root)
                && (cache == null || cache.toString().contains("default")) && !isOfBlock(op.operand(0));
    }

    /// The argument that an address is in.
    private static Value root(Value address) {
        Operation op = address.definingOp();
        return op != null && op.is("llvm.getelementptr") ? root(op.operand(0)) : address;
    }

    private boolean isOfBlock(Value value) {
        Operation op = value.definingOp();
        if (op == null) {
            return !value.ownerBlock().parentOp().is("gpu.func");
        }
        Boolean known = RowConditions.isSmall(op) ? Boolean.FALSE : isOfBlock.get(value);
        if (known == null) {
            known = op.name().startsWith("gpu.") && !op.is("gpu.thread_id") || op.regionCount() > 0 || op.is("llvm.load")
                    || op.is("kcc.load_vector");
            for (Value operand : op.operands()) {
                known |= isOfBlock(operand);
            }
            isOfBlock.put(value, known);
        }
        return known;
    }
}
