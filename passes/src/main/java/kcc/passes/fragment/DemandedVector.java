// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// Operations of a block that are needed under one condition, and before which all of them can be computed.
///
/// @param members in the order of the text; the last one may store
/// @param exits   selections under the same condition between a member's result and something else
/// @param before  where they go: the first that needs a result, or what follows the store
/// @param isBranch whether they are worth one; else they only keep their place behind what they need
record DemandedVector(Conjunction condition, List<Operation> members, List<Operation> exits, Operation before,
        boolean isBranch) {

    /// Instructions that are worth a branch, which itself costs three.
    static final int LEAST = 8;
    /// Instructions beside one for each result that later branches need, which may keep a register busy: widening elements for
    /// others is not worth a branch.
    private static final int LEAST_ABOVE = 5;

    /// In the order of the text.
    static List<DemandedVector> find(Block block) {
        return new Finder(block).find();
    }

    private static final class Finder {
        private final Block block;
        private final Demands demands;
        private final Map<Operation, Integer> places = new HashMap<>();
        /// Operations that are in no branch yet, by their conditions.
        private final Map<Conjunction, List<Operation>> open = new LinkedHashMap<>();
        private final Map<Operation, Conjunction> conditions = new HashMap<>();
        private final Set<Operation> exits = new HashSet<>();
        private final List<DemandedVector> found = new ArrayList<>();

        Finder(Block block) {
            this.block = block;
            this.demands = Demands.of(block);
            for (Operation op : block.operations()) {
                places.put(op, places.size());
            }
        }

        List<DemandedVector> find() {
            for (Operation op : block.operations()) {
                Conjunction left = isExit(op) ? demands.conjunction(op.operand(0)) : null;
                Conjunction own = left == null ? demands.of(op) : left;
                Set<Conjunction> needed = needed(op, own);
                List<Conjunction> inOrder = needed.isEmpty() ? List.of() : List.copyOf(open.keySet());
                inOrder.stream().filter(needed::contains).forEach(condition -> close(condition, op, false));
                if (op.is("gpu.barrier") || op.is("gpu.shuffle")) {
                    // Nothing crosses: what waits there has been weighed by others.
                    List.copyOf(open.keySet()).forEach(condition -> close(condition, op, true));
                }
                if (own != null) {
                    open.computeIfAbsent(own, _ -> new ArrayList<>()).add(op);
                    conditions.put(op, own);
                    if (left != null) {
                        exits.add(op);
                    }
                    if (left == null && Demands.hasEffects(op)) {
                        // Stores keep their order: each is done where it stands.
                        close(own, op.next(), false);
                    }
                }
            }
            return found;
        }

        /// Whether an operation selects what a branch computes under the branch's condition.
        private boolean isExit(Operation op) {
            if (!op.is("arith.select") || op.operand(0).type().isVector() || op.operand(1).equals(op.operand(2))) {
                return false;
            }
            Conjunction condition = demands.conjunction(op.operand(0));
            Operation other = op.operand(2).definingOp();
            return condition.equals(conditions.get(op.operand(1).definingOp())) && !exits.contains(op.operand(1).definingOp())
                    && !condition.equals(demands.of(op)) && (other == null || !conditions.containsKey(other));
        }

        /// The open branches whose results an operation needs.
        private Set<Conjunction> needed(Operation op, Conjunction own) {
            Set<Conjunction> needed = new HashSet<>();
            op.walkPreOrder(inner -> {
                for (Value operand : inner.operands()) {
                    Operation from = operand.definingOp();
                    Conjunction other = conditions.get(from);
                    if (other != null && (!other.equals(own) || exits.contains(from))) {
                        needed.add(other);
                    }
                }
            });
            return needed;
        }

        private void close(Conjunction condition, Operation before, boolean isAll) {
            List<Operation> members = new ArrayList<>();
            List<Operation> left = new ArrayList<>();
            List<Operation> later = new ArrayList<>();
            Set<Operation> now = new HashSet<>();
            for (Operation op : open.remove(condition).reversed()) {
                if (exits.contains(op)) {
                    left.add(op);
                    now.add(op);
                } else if (isAll || isNeededBefore(op, before, now)) {
                    members.add(op);
                    now.add(op);
                } else {
                    later.add(op);
                }
            }
            now.forEach(conditions::remove);
            if (!later.isEmpty()) {
                open.put(condition, later.reversed());
            }
            int cost = members.stream().mapToInt(DemandedVector::cost).sum();
            boolean isBranch = cost >= LEAST && cost >= handedOn(members, now) + LEAST_ABOVE && condition.isKnownBefore(before);
            found.add(new DemandedVector(condition, members.reversed(), left.reversed(), before, isBranch));
        }

        /// Results that others than a branch itself need.
        private static int handedOn(List<Operation> members, Set<Operation> now) {
            int count = 0;
            for (Operation member : members) {
                for (Value result : member.results()) {
                    count += result.uses().stream().allMatch(use -> isInside(use.owner(), now)) ? 0 : 1;
                }
            }
            return count;
        }

        /// Whether somebody needs an operation here, and not only further down.
        private boolean isNeededBefore(Operation op, Operation before, Set<Operation> now) {
            if (Demands.hasEffects(op)) {
                return true;
            }
            for (Value result : op.results()) {
                for (Use use : result.uses()) {
                    Operation user = use.owner();
                    while (!block.equals(user.block())) {
                        user = user.parent();
                    }
                    if (now.contains(user) || !conditions.containsKey(user) && places.get(user) <= places.get(before)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    private static int cost(Operation op) {
        return switch (op.name()) {
            case "llvm.extractelement", "llvm.insertelement", "llvm.bitcast", "llvm.getelementptr", "arith.bitcast" -> 0;
            case "math.exp", "math.exp2", "math.rsqrt", "arith.divf" -> 3;
            default -> 1;
        };
    }

    /// The exits of a branch stay behind, unused. Gives the branch if it has no results, else null.
    Operation rewrite() {
        if (!isBranch) {
            members.forEach(member -> member.moveBefore(before));
            exits.forEach(exit -> exit.moveBefore(before));
            return null;
        }
        List<Operation> members = this.members.stream().map(DemandedVector::unconditional).toList();
        Emitter emitter = Emitter.beforeOperation(before).at(members.getFirst().location());
        Set<Operation> inside = new HashSet<>(members);
        inside.addAll(exits);
        List<Value> handedOn = new ArrayList<>();
        for (Operation member : members) {
            for (Value result : member.results()) {
                if (result.uses().stream().anyMatch(use -> !isInside(use.owner(), inside))) {
                    handedOn.add(result);
                }
            }
        }
        List<Value> yielded = new ArrayList<>();
        exits.forEach(exit -> yielded.add(exit.operand(1)));
        yielded.addAll(handedOn);
        Value holds = condition.write(emitter);
        if (yielded.isEmpty()) {
            emitter.onlyIf(holds, then -> fill(members, then));
            return before.previous();
        }
        List<Value> results = emitter.choose(holds, yielded.stream().map(Value::type).toList(),
                then -> {
                    fill(members, then);
                    return yielded;
                },
                other -> {
                    List<Value> values = new ArrayList<>();
                    exits.forEach(exit -> values.add(exit.operand(2)));
                    handedOn.forEach(value -> values.add(other.poison(value.type())));
                    return values;
                });
        for (int i = 0; i < exits.size(); i++) {
            exits.get(i).result().replaceAllUsesWith(results.get(i));
        }
        Operation branch = results.getFirst().definingOp();
        for (int i = 0; i < handedOn.size(); i++) {
            for (Use use : handedOn.get(i).uses()) {
                if (!isInside(use.owner(), Set.of(branch)) && !exits.contains(use.owner())) {
                    use.owner().setOperand(use.operand(), results.get(exits.size() + i));
                }
            }
        }
        return null;
    }

    private static boolean isInside(Operation op, Set<Operation> inside) {
        for (Operation outer = op; outer != null && !outer.is("gpu.func"); outer = outer.parent()) {
            if (inside.contains(outer)) {
                return true;
            }
        }
        return false;
    }

    /// The same load, where its condition holds.
    private static Operation unconditional(Operation member) {
        if (!member.is("kcc.load_vector")) {
            return member;
        }
        Value loaded = Emitter.beforeOperation(member).at(member.location()).load(member.operand(0), member.result().type(),
                member.attribute("alignment").asLong());
        member.replaceWith(loaded);
        return loaded.definingOp();
    }

    private static void fill(List<Operation> members, Emitter emitter) {
        // What is moved needs something to be moved before.
        Operation marker = emitter.builder().create("llvm.mlir.poison").result(emitter.i1()).build();
        for (Operation member : members) {
            member.moveBefore(marker);
            if (member.is("kcc.store_vector")) {
                Attribute alignment = member.attribute("alignment");
                AccessLowering.store(member, member.operand(0), member.operand(1), null, alignment.asLong(), emitter);
                member.erase();
            }
        }
        marker.erase();
    }
}
