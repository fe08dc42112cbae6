// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// Where the results and effects of a block's operations are needed.
final class Demands {
    /// Operations without effects beside those that are computed.
    private static final Set<String> IN_BRANCHES =
            Set.of("arith.constant", "scf.yield", "llvm.mlir.poison", "llvm.getelementptr", "llvm.intr.fshr");

    private final Block block;
    private final Map<Operation, Conjunction> demands = new HashMap<>();
    private final Map<Value, Conjunction> conjunctions = new HashMap<>();

    private final WeightLoads weights;

    private Demands(Block block) {
        this.block = block;
        this.weights = WeightLoads.of(block);
    }

    static Demands of(Block block) {
        Demands demands = new Demands(block);
        for (Operation op : block.operations().reversed()) {
            Conjunction demand = demands.find(op);
            if (demand != null) {
                demands.demands.put(op, demand);
            }
        }
        demands.keepConditions();
        return demands;
    }

    /// Conditions, and what is selected where they do not hold, have to be known before the branches.
    private void keepConditions() {
        RowConditions rows = new RowConditions();
        demands.values().removeIf(condition -> !rows.contains(condition));
        Set<Conjunction> known = new LinkedHashSet<>(demands.values());
        for (Conjunction condition : known) {
            condition.others().forEach(this::keep);
            condition.above().keySet().forEach(this::keep);
            condition.atMost().keySet().forEach(this::keep);
        }
        for (Operation op : block.operations()) {
            if (op.is("arith.select") && !op.operand(0).type().isVector() && known.contains(conjunction(op.operand(0)))) {
                keep(op.operand(2));
            }
        }
    }

    private void keep(Value value) {
        Operation op = value.definingOp();
        if (op != null && demands.remove(op) != null) {
            op.walkPreOrder(inner -> inner.operands().forEach(this::keep));
        }
    }

    /// The condition under which an operation is needed, or null where it may always be.
    Conjunction of(Operation op) {
        return demands.get(op);
    }

    Conjunction conjunction(Value condition) {
        return conjunctions.computeIfAbsent(condition, Conjunction::of);
    }

    private Conjunction find(Operation op) {
        Conjunction effects = null;
        if (op.is("kcc.store_vector")) {
            return op.operandCount() == 3 ? conjunction(op.operand(2)) : null;
        }
        if (op.is("scf.if")) {
            if (!isSimple(op)) {
                return null;
            }
            effects = effects(op);
            if (effects == null && hasEffects(op)) {
                return null;
            }
        } else if (!isComputed(op) && !weights.isLate(op)) {
            return null;
        }
        Conjunction demand = effects;
        for (Value result : op.results()) {
            for (Use use : result.uses()) {
                Conjunction ofUse = of(use);
                if (ofUse == null) {
                    return null;
                }
                demand = demand == null ? ofUse : either(demand, ofUse);
                if (demand == null) {
                    return null;
                }
            }
        }
        return demand;
    }

    /// Whether an operation may be left out where nobody needs its result.
    static boolean isComputed(Operation op) {
        // An address that several accesses begin at is folded into them where it is.
        return SelectSinking.isComputed(op) || op.is("llvm.getelementptr") && op.result().hasOneUse();
    }

    private Conjunction of(Use use) {
        Operation user = use.owner();
        if (user.is("arith.select") && use.operand() == 1 && !user.operand(0).type().isVector()) {
            return conjunction(user.operand(0));
        }
        if (user.is("kcc.store_vector")) {
            // Whether to store has to be known everywhere.
            return use.operand() == 2 ? null : user.operandCount() < 3 ? branch(user) : conjunction(user.operand(2));
        }
        if (user.is("scf.if") || user.is("kcc.load_vector") && use.operand() == 1) {
            return null;
        }
        return block.equals(user.block()) ? demands.get(user) : branch(user);
    }

    /// The condition of the branch of this block that an operation is in, if it is in one.
    private Conjunction branch(Operation op) {
        Operation inner = op;
        while (!block.equals(inner.block())) {
            Operation outer = inner.parent();
            if (outer.is("scf.if") && block.equals(outer.block())) {
                Conjunction ofBranch = outer.region(0).first().equals(inner.block()) ? conjunction(outer.operand(0)) : null;
                return demands.get(outer) == null ? ofBranch : demands.get(outer);
            }
            inner = outer;
        }
        return null;
    }

    /// What follows from both, or null where nothing does. Neighbours in a vector differ in constants only.
    private static Conjunction either(Conjunction first, Conjunction second) {
        if (first.isLike(second)) {
            return Conjunction.any(List.of(first, second));
        }
        return first.implies(second) ? second : second.implies(first) ? first : null;
    }

    /// A branch whose operations can be left out together: arithmetic, stores, loads of weights, and such branches.
    private boolean isSimple(Operation branch) {
        for (Region region : branch.regions()) {
            for (Block inside : region.blocks()) {
                for (Operation op : inside.operations()) {
                    boolean isSimple = isComputed(op) || isStore(op) || weights.contains(op) || op.is("scf.if") && isSimple(op);
                    if (!isSimple && !IN_BRANCHES.contains(op.name())) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean isStore(Operation op) {
        return op.is("llvm.store") || op.is("kcc.store_vector");
    }

    static boolean hasEffects(Operation op) {
        if (isStore(op)) {
            return true;
        }
        boolean[] has = {false};
        if (op.regionCount() > 0) {
            op.walkPreOrder(inner -> has[0] |= isStore(inner));
        }
        return has[0];
    }

    /// Where one of a branch's stores writes, or null where that may be anywhere.
    private Conjunction effects(Operation branch) {
        Conjunction effects = null;
        boolean areRelated = true;
        for (int i = 0; i < branch.regionCount(); i++) {
            for (Block inside : branch.region(i).blocks()) {
                for (Operation op : inside.operations()) {
                    if (!hasEffects(op)) {
                        continue;
                    }
                    Conjunction written = op.is("kcc.store_vector") && op.operandCount() == 3 ? conjunction(op.operand(2))
                            : i == 0 ? conjunction(branch.operand(0)) : null;
                    if (written == null) {
                        return null;
                    }
                    areRelated &= effects == null || either(effects, written) != null;
                    effects = effects == null || !areRelated ? written : either(effects, written);
                }
            }
        }
        boolean areInThen = branch.region(1).blocks().stream().noneMatch(other -> other.operations().stream().anyMatch(Demands::hasEffects));
        return areRelated ? effects : areInThen ? conjunction(branch.operand(0)) : null;
    }
}
