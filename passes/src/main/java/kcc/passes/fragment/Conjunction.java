// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// A condition of one thread, taken apart: what all has to hold.
///
/// Masks of rows are comparisons of one number with the constants of the registers, often several of them joined:
/// `%d > 7` for the element 7 of a thread that has `%d` elements left.
///
/// @param above  numbers that have to be greater than a constant
/// @param atMost numbers that must not be greater than a constant
/// @param others what is no such comparison
record Conjunction(Map<Value, Long> above, Map<Value, Long> atMost, Set<Value> others) {
    Conjunction {
        // In the order of the text, so that equal input gives equal output.
        above = Collections.unmodifiableMap(new LinkedHashMap<>(above));
        atMost = Collections.unmodifiableMap(new LinkedHashMap<>(atMost));
        others = Collections.unmodifiableSet(new LinkedHashSet<>(others));
    }

    static Conjunction of(Value condition) {
        Builder builder = new Builder();
        builder.add(condition);
        return new Conjunction(builder.above, builder.atMost, builder.others);
    }

    private static final class Builder {
        final Map<Value, Long> above = new LinkedHashMap<>();
        final Map<Value, Long> atMost = new LinkedHashMap<>();
        final Set<Value> others = new LinkedHashSet<>();

        void add(Value condition) {
            Operation op = condition.definingOp();
            if (op != null && op.is("arith.andi")) {
                add(op.operand(0));
                add(op.operand(1));
            } else if (op == null || !op.is("arith.cmpi") || !addComparison(op)) {
                others.add(condition);
            }
        }

        private boolean addComparison(Operation op) {
            String predicate = Emitter.PREDICATES.get(op.attribute("predicate").asInt());
            Long right = constant(op.operand(1));
            Long left = constant(op.operand(0));
            if (right != null) {
                return add(op.operand(0), predicate, right);
            }
            return left != null && add(op.operand(1), exchanged(predicate), left);
        }

        private boolean add(Value number, String predicate, long constant) {
            switch (predicate) {
                case "sgt" -> above.merge(number, constant, Math::max);
                case "sge" -> above.merge(number, constant - 1, Math::max);
                case "sle" -> atMost.merge(number, constant, Math::min);
                case "slt" -> atMost.merge(number, constant - 1, Math::min);
                default -> {
                    return false;
                }
            }
            return true;
        }

        private static String exchanged(String predicate) {
            return switch (predicate) {
                case "sgt" -> "slt";
                case "sge" -> "sle";
                case "sle" -> "sge";
                case "slt" -> "sgt";
                default -> predicate;
            };
        }

        /// Null for what is no constant, or so large that the next number is none of its type.
        private static Long constant(Value value) {
            Operation op = value.definingOp();
            if (op == null || !op.is("arith.constant") || !value.type().isInteger()) {
                return null;
            }
            long constant = op.attribute("value").asLong();
            return Math.abs(constant) < 1L << Math.min(value.type().bitWidth(), Long.SIZE) - 2 ? constant : null;
        }
    }

    /// The conditions of a vector's elements, or null where they differ in more than constants.
    static List<Conjunction> ofVector(List<Value> conditions) {
        List<Conjunction> all = new ArrayList<>();
        for (Value condition : conditions) {
            Conjunction conjunction = of(condition);
            if (!all.isEmpty() && !conjunction.isLike(all.getFirst())) {
                return null;
            }
            all.add(conjunction);
        }
        return all;
    }

    /// Both conditions.
    Conjunction and(Conjunction other) {
        Map<Value, Long> bothAbove = new LinkedHashMap<>(above);
        Map<Value, Long> bothAtMost = new LinkedHashMap<>(atMost);
        Set<Value> bothOthers = new LinkedHashSet<>(others);
        other.above.forEach((number, constant) -> bothAbove.merge(number, constant, Math::max));
        other.atMost.forEach((number, constant) -> bothAtMost.merge(number, constant, Math::min));
        bothOthers.addAll(other.others);
        return new Conjunction(bothAbove, bothAtMost, bothOthers);
    }

    /// Whether the other one holds wherever this one does.
    boolean implies(Conjunction other) {
        return others.containsAll(other.others)
                && other.above.entrySet().stream().allMatch(
                        entry -> above.containsKey(entry.getKey()) && above.get(entry.getKey()) >= entry.getValue())
                && other.atMost.entrySet().stream().allMatch(
                        entry -> atMost.containsKey(entry.getKey()) && atMost.get(entry.getKey()) <= entry.getValue());
    }

    /// Whether the other one cannot hold where this one does, as comparisons of one number tell.
    boolean excludes(Conjunction other) {
        return other.atMost.entrySet().stream().anyMatch(
                        entry -> above.containsKey(entry.getKey()) && above.get(entry.getKey()) >= entry.getValue())
                || other.above.entrySet().stream().anyMatch(
                        entry -> atMost.containsKey(entry.getKey()) && atMost.get(entry.getKey()) <= entry.getValue());
    }

    /// Whether two differ in nothing but constants.
    boolean isLike(Conjunction other) {
        return others.equals(other.others) && above.keySet().equals(other.above.keySet())
                && atMost.keySet().equals(other.atMost.keySet());
    }

    /// Holds where all of them do, which differ in nothing but constants.
    static Conjunction all(List<Conjunction> conditions) {
        return merged(conditions, true);
    }

    /// Holds wherever one of them does, and hardly anywhere else: of the elements of a vector that a row crosses, at least one
    /// is in the row.
    static Conjunction any(List<Conjunction> conditions) {
        return merged(conditions, false);
    }

    private static Conjunction merged(List<Conjunction> conditions, boolean isAll) {
        Map<Value, Long> above = new LinkedHashMap<>();
        Map<Value, Long> atMost = new LinkedHashMap<>();
        for (Conjunction condition : conditions) {
            condition.above.forEach((number, constant) -> above.merge(number, constant, isAll ? Math::max : Math::min));
            condition.atMost.forEach((number, constant) -> atMost.merge(number, constant, isAll ? Math::min : Math::max));
        }
        return new Conjunction(above, atMost, conditions.getFirst().others);
    }

    /// Whether all that the condition is about is computed before an operation.
    boolean isKnownBefore(Operation op) {
        return others.stream().allMatch(value -> isKnownBefore(value, op))
                && above.keySet().stream().allMatch(value -> isKnownBefore(value, op))
                && atMost.keySet().stream().allMatch(value -> isKnownBefore(value, op));
    }

    static boolean isKnownBefore(Value value, Operation op) {
        Operation from = value.definingOp();
        return from == null || !op.block().equals(from.block()) || from.isBefore(op);
    }

    /// Writes the condition before what comes next.
    Value write(Emitter emitter) {
        Value all = null;
        for (Value other : others) {
            all = emitter.both(all, other);
        }
        for (Map.Entry<Value, Long> entry : above.entrySet()) {
            all = emitter.both(all, emitter.compare("sgt", entry.getKey(), emitter.constant(entry.getKey().type(), entry.getValue())));
        }
        for (Map.Entry<Value, Long> entry : atMost.entrySet()) {
            all = emitter.both(all, emitter.compare("sle", entry.getKey(), emitter.constant(entry.getKey().type(), entry.getValue())));
        }
        return all;
    }
}
