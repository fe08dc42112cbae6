// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Value;

/// Branches on one condition that load weights become one, so that what they load is under way together: no compiler moves a
/// load across a branch.
///
/// ```
/// %w = scf.if %c { load %p } else { ... }
/// %y = arith.mulf %x, %w
/// %b = scf.if %c { load %q } else { ... }
/// ```
/// becomes
/// ```
/// %w, %b = scf.if %c { load %p, load %q } else { ... }
/// %y = arith.mulf %x, %w
/// ```
final class BranchPairs {
    private BranchPairs() {}

    static void join(Block block) {
        WeightLoads weights = WeightLoads.of(block);
        join(block, weights, weights::isBranch);
    }

    private static void join(Block block, WeightLoads weights, Predicate<Operation> isJoined) {
        // In the order of the text.
        Map<Value, List<Operation>> byCondition = new LinkedHashMap<>();
        for (Operation op : block.operations()) {
            if (isJoined.test(op)) {
                byCondition.computeIfAbsent(op.operand(0), _ -> new ArrayList<>()).add(op);
            }
        }
        for (List<Operation> together : byCondition.values()) {
            Operation first = together.getFirst();
            List<Operation> joined = new ArrayList<>();
            for (Operation branch : together) {
                List<Operation> needed = new ArrayList<>();
                if (collect(branch, first, weights, needed)) {
                    needed.forEach(computed -> computed.moveBefore(first));
                    joined.add(branch);
                }
            }
            if (joined.size() > 1) {
                for (Region region : join(joined).regions()) {
                    // Loads go before what the others do with theirs.
                    join(region.first(), weights, inner -> inner.is("scf.if") && inner.resultCount() > 0);
                }
            }
        }
    }

    /// Collects what a branch needs of what is computed behind another operation, in the order of the text; false if that
    /// cannot be moved.
    private static boolean collect(Operation branch, Operation before, WeightLoads weights, List<Operation> needed) {
        List<Value> operands = new ArrayList<>();
        branch.walkPreOrder(inner -> operands.addAll(inner.operands()));
        for (Value operand : operands) {
            Operation from = operand.definingOp();
            boolean isBehind = from != null && from.block().equals(before.block()) && before.isBefore(from);
            if (isBehind && !needed.contains(from)) {
                boolean isMovable = Demands.isComputed(from) || from.is("llvm.getelementptr") || weights.contains(from);
                if (!isMovable || !collect(from, before, weights, needed)) {
                    return false;
                }
                needed.add(from);
            }
        }
        return true;
    }

    private static Operation join(List<Operation> branches) {
        Operation first = branches.getFirst();
        Emitter emitter = Emitter.beforeOperation(first).at(first.location());
        List<Value> results = new ArrayList<>();
        branches.forEach(branch -> results.addAll(branch.results()));
        List<Value> joined = emitter.choose(first.operand(0), results.stream().map(Value::type).toList(),
                inside -> move(branches, 0, inside), inside -> move(branches, 1, inside));
        for (int i = 0; i < results.size(); i++) {
            results.get(i).replaceAllUsesWith(joined.get(i));
        }
        branches.reversed().forEach(Operation::erase);
        return joined.getFirst().definingOp();
    }

    /// Moves what the branches do in one of their regions; gives what they yield.
    private static List<Value> move(List<Operation> branches, int region, Emitter emitter) {
        // What is moved needs something to be moved before.
        Operation marker = emitter.builder().create("llvm.mlir.poison").result(emitter.i1()).build();
        List<Value> yielded = new ArrayList<>();
        for (Operation branch : branches) {
            Region moved = branch.region(region);
            for (Operation op : List.copyOf(moved.first().operations())) {
                if (op.is("scf.yield")) {
                    yielded.addAll(op.operands());
                } else {
                    op.moveBefore(marker);
                }
            }
        }
        marker.erase();
        return yielded;
    }
}
