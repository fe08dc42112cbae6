// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.ir.VectorType;
import kcc.mlir.pass.Analysis;

/// Which operations of a block are computed on what selections select, and which results are selected then.
///
/// A *choice* is a value that is known as one of two: what it is where a condition holds, and what it is elsewhere.
/// Selections and loads under a condition are choices, and so is the result of an operation on choices of one condition.
/// Elsewhere the operation is computed only if somebody needs it; the numbers there are the same for many elements.
final class SelectSinking {
    /// What so many operations use belongs to a row and not to one of its elements.
    private static final int USES_OF_ROW = 4;
    private static final int REGISTER_BITS = 32;

    /// @param condition under which the value is what it is now
    /// @param isSource  whether it is a selection or load, and not computed from choices
    private record Choice(Value condition, boolean isSource) {}

    /// An operation elsewhere, the same for all elements that have the same numbers there.
    private record Elsewhere(String name, Map<String, Attribute> attributes, List<Object> operands) {
        /// Whether it is computed when the kernel is compiled.
        boolean isConstant() {
            return operands.stream().allMatch(Elsewhere::isConstant);
        }

        private static boolean isConstant(Object operand) {
            return operand instanceof Attribute || operand instanceof Elsewhere other && other.isConstant();
        }
    }

    private final Map<Value, Choice> choices = new LinkedHashMap<>();
    private final Map<Value, Conjunction> conjunctions;
    private final Map<Value, Boolean> isOfRow;
    private final Block block;
    /// Computed values that have to be selected, in the order of the text.
    private final Set<Value> selected = new LinkedHashSet<>();
    private int gain;

    private SelectSinking(Block block, Map<Value, Conjunction> conjunctions, Map<Value, Boolean> isOfRow) {
        this.block = block;
        this.conjunctions = conjunctions;
        this.isOfRow = isOfRow;
    }

    static Analysis<SelectSinking> analyze(Block block) {
        Map<Value, Conjunction> conjunctions = new HashMap<>();
        Map<Value, Boolean> isOfRow = new HashMap<>();
        SelectSinking best = null;
        for (boolean hasLoads : new boolean[] {true, false}) {
            SelectSinking plan = new SelectSinking(block, conjunctions, isOfRow);
            plan.collect(hasLoads);
            if (plan.gain > 0 && (best == null || plan.gain > best.gain)) {
                best = plan;
            }
        }
        return best == null ? new Analysis.NotApplicable<>("no selections become fewer") : new Analysis.Plan<>(best);
    }

    int gain() {
        return gain;
    }

    private void collect(boolean hasLoads) {
        List<Operation> operations = block.operations();
        for (Operation op : operations) {
            Choice choice = choice(op, hasLoads);
            if (choice != null) {
                choices.put(op.result(), choice);
            }
        }
        dropUseless(operations);
        Map<Value, Object> keys = new HashMap<>();
        Set<Object> elsewhere = new HashSet<>();
        for (Map.Entry<Value, Choice> entry : choices.entrySet()) {
            Value value = entry.getKey();
            boolean isSelected = isSelected(value, entry.getValue().condition());
            if (entry.getValue().isSource()) {
                gain += isSelected ? 0 : instructions(value);
            } else if (isSelected) {
                selected.add(value);
                gain -= instructions(value);
                elsewhere(value, keys, elsewhere);
            }
        }
        gain -= elsewhere.size();
    }

    /// An operation on what is selected anyway need not be one on choices.
    private void dropUseless(List<Operation> operations) {
        for (Operation op : operations.reversed()) {
            Choice choice = op.resultCount() == 1 ? choices.get(op.result()) : null;
            if (choice != null && !choice.isSource() && isSelected(op.result(), choice.condition())) {
                boolean isUseful = false;
                for (Value operand : op.operands()) {
                    Choice ofOperand = choices.get(operand);
                    isUseful |= ofOperand != null && !isSelectedBut(operand, ofOperand.condition(), op);
                }
                if (!isUseful) {
                    choices.remove(op.result());
                }
            }
        }
    }

    /// Whether somebody else needs the value where the condition does not hold.
    private boolean isSelectedBut(Value value, Value condition, Operation user) {
        for (Use use : value.uses()) {
            if (!use.owner().equals(user) && !isNeededOnlyUnder(use, condition)) {
                return true;
            }
        }
        return false;
    }

    /// Selections of a value, one a word, or what sets the words of a load beforehand, two at once.
    private static int instructions(Value value) {
        long elements = value.type().isVector() ? VectorType.of(value.type()).elementCount() : 1;
        long words = Math.ceilDiv(elements * value.type().elementOrSelf().bitWidth(), REGISTER_BITS);
        return Math.toIntExact(value.definingOp().is("kcc.load_vector") ? Math.ceilDiv(words, 2) : words);
    }

    /// How a result is a choice, or null.
    private Choice choice(Operation op, boolean hasLoads) {
        if (isSelection(op)) {
            return new Choice(op.operand(0), true);
        }
        if (op.is("kcc.load_vector")) {
            return hasLoads && op.operandCount() == 3 && isConstant(op.operand(2)) ? new Choice(op.operand(1), true) : null;
        }
        if (!isComputed(op)) {
            return null;
        }
        Value condition = null;
        for (Value operand : op.operands()) {
            Choice choice = choices.get(operand);
            if (choice == null ? !isOfRow.computeIfAbsent(operand, SelectSinking::isOfRow) : condition != null && !conjunction(condition).equals(conjunction(choice.condition()))) {
                return null;
            }
            condition = choice == null ? condition : choice.condition();
        }
        return condition == null ? null : new Choice(condition, false);
    }

    private static boolean isSelection(Operation op) {
        return op.is("arith.select") && !op.operand(0).type().isVector() && isConstant(op.operand(2))
                && !isConstant(op.operand(1)) && bits(op.result()) > 1;
    }

    private static int bits(Value value) {
        return value.type().isInteger() || value.type().isFloat() ? value.type().bitWidth() : REGISTER_BITS;
    }

    /// Whether an operation may be computed on any numbers: it has no effect and does not trap.
    static boolean isComputed(Operation op) {
        if (op.resultCount() != 1 || op.regionCount() != 0 || op.is("arith.constant")) {
            return false;
        }
        return switch (op.name()) {
            case "arith.divsi", "arith.divui", "arith.remsi", "arith.remui", "arith.ceildivsi", "arith.ceildivui",
                "arith.floordivsi" -> false;
            case "llvm.extractelement", "llvm.insertelement", "llvm.bitcast" -> true;
            default -> op.name().startsWith("arith.") || op.name().startsWith("math.");
        };
    }

    private static boolean isOfRow(Value value) {
        return isConstant(value) || value.uses().size() >= USES_OF_ROW;
    }

    private static boolean isConstant(Value value) {
        Operation op = value.definingOp();
        return op != null && (op.is("arith.constant") || op.is("llvm.mlir.poison"));
    }

    /// Whether somebody needs the value where the condition does not hold, and is no choice under the same condition.
    private boolean isSelected(Value value, Value condition) {
        for (Use use : value.uses()) {
            if (!isNeededOnlyUnder(use, condition)) {
                return true;
            }
        }
        return false;
    }

    private boolean isNeededOnlyUnder(Use use, Value condition) {
        Operation user = use.owner();
        Value under = isSelection(user) && use.operand() == 1 ? user.operand(0)
                : user.is("kcc.store_vector") && use.operand() == 0 && user.operandCount() == 3 ? user.operand(2) : null;
        if (under != null && conjunction(under).implies(conjunction(condition))) {
            return true;
        }
        if (!block.equals(user.block())) {
            return isInBranchUnder(user, condition);
        }
        Choice choice = user.resultCount() == 1 ? choices.get(user.result()) : null;
        return choice != null && !choice.isSource();
    }

    /// Whether an operation is in a branch that is only taken where the condition holds.
    private boolean isInBranchUnder(Operation user, Value condition) {
        for (Operation inner = user; !block.equals(inner.block()); inner = inner.parent()) {
            Operation branch = inner.parent();
            if (branch.is("scf.if") && branch.region(0).first().equals(inner.block())
                    && conjunction(branch.operand(0)).implies(conjunction(condition))) {
                return true;
            }
        }
        return false;
    }

    private Conjunction conjunction(Value condition) {
        return conjunctions.computeIfAbsent(condition, Conjunction::of);
    }

    /// What stands for a value elsewhere: equal for equal computations. Those of constants cost nothing.
    private Object elsewhere(Value value, Map<Value, Object> keys, Set<Object> computed) {
        Choice choice = choices.get(value);
        if (choice == null) {
            return constantOr(value);
        }
        Object known = keys.get(value);
        if (known != null) {
            return known;
        }
        Operation op = value.definingOp();
        if (choice.isSource()) {
            return constantOr(op.operand(op.operandCount() - 1));
        }
        List<Object> operands = new ArrayList<>();
        for (Value operand : op.operands()) {
            operands.add(elsewhere(operand, keys, computed));
        }
        Elsewhere key = new Elsewhere(op.name(), op.attributes(), operands);
        if (!key.isConstant()) {
            computed.add(key);
        }
        keys.put(value, key);
        return key;
    }

    private static Object constantOr(Value value) {
        Operation op = value.definingOp();
        return op != null && op.is("arith.constant") ? op.attribute("value") : value;
    }

    /// Rewrites the block.
    void rewrite() {
        Map<Object, Value> elsewhere = new HashMap<>();
        Map<Value, Value> known = new HashMap<>();
        for (Map.Entry<Value, Choice> entry : List.copyOf(choices.entrySet())) {
            Value value = entry.getKey();
            Operation op = value.definingOp();
            if (selected.contains(value)) {
                OpBuilder after = OpBuilder.after(op).at(op.location());
                Value other = writeElsewhere(value, after, known, elsewhere);
                List<Use> needed = value.uses().stream().filter(use -> !isNeededOnlyUnder(use, entry.getValue().condition())).toList();
                Value all = after.create("arith.select").operands(entry.getValue().condition(), value, other)
                        .result(value.type()).value();
                needed.forEach(use -> use.owner().setOperand(use.operand(), all));
            }
        }
        List<Operation> unused = new ArrayList<>();
        for (Map.Entry<Value, Choice> entry : choices.entrySet()) {
            Operation op = entry.getKey().definingOp();
            if (entry.getValue().isSource() && op.is("arith.select")) {
                Value chosen = op.operand(1);
                for (Use use : op.result().uses()) {
                    if (isNeededOnlyUnder(use, entry.getValue().condition())) {
                        use.owner().setOperand(use.operand(), chosen);
                    }
                }
                if (!op.result().isUsed()) {
                    unused.add(op);
                }
            } else if (entry.getValue().isSource() && !isSelected(entry.getKey(), entry.getValue().condition())) {
                withoutOther(op);
                unused.add(op);
            }
        }
        unused.reversed().forEach(Operation::erase);
    }

    /// What a load gives elsewhere is anything: nobody needs it.
    private static void withoutOther(Operation load) {
        OpSpec spec = OpBuilder.before(load).at(load.location()).create("kcc.load_vector")
                .operands(load.operand(0), load.operand(1)).operandSegments(1, 1, 0);
        load.attributes().forEach((name, attribute) -> {
            if (!name.equals("operandSegmentSizes")) {
                spec.attribute(name, attribute);
            }
        });
        load.result().replaceAllUsesWith(spec.result(load.result().type()).value());
    }

    /// The value elsewhere, written with everything it needs; once for equal computations.
    private Value writeElsewhere(Value value, OpBuilder builder, Map<Value, Value> known, Map<Object, Value> written) {
        Choice choice = choices.get(value);
        if (choice == null) {
            return value;
        }
        Value before = known.get(value);
        if (before != null) {
            return before;
        }
        Operation op = value.definingOp();
        Value result;
        if (choice.isSource()) {
            result = op.operand(op.operandCount() - 1);
        } else {
            List<Value> operands = new ArrayList<>();
            for (Value operand : op.operands()) {
                operands.add(writeElsewhere(operand, builder, known, written));
            }
            result = written.computeIfAbsent(new Elsewhere(op.name(), op.attributes(), List.copyOf(operands)), _ -> {
                Operation copy = builder.insert(op.copy());
                copy.setOperands(operands);
                return copy.result();
            });
        }
        known.put(value, result);
        return result;
    }
}
