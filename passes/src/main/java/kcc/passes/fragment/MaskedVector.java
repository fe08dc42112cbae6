// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// Selections of neighbouring elements by conditions that differ in neighbouring constants, and the operation that all of
/// them can be computed before.
///
/// @param conditions of the elements, in the order of the elements
record MaskedVector(List<Operation> selections, List<Conjunction> conditions, Operation before) {
    /// A branch costs three instructions.
    private static final int LEAST = 4;
    /// Elements of 16 bits in the widest access.
    private static final int MOST = 8;

    /// In the order of the text.
    static List<MaskedVector> find(Block block) {
        Map<Operation, Integer> places = new HashMap<>();
        Map<Value, List<Operation>> byCondition = new LinkedHashMap<>();
        for (Operation op : block.operations()) {
            places.put(op, places.size());
            if (op.is("arith.select") && !op.operand(0).type().isVector()) {
                byCondition.computeIfAbsent(op.operand(0), _ -> new ArrayList<>()).add(op);
            }
        }
        List<MaskedVector> found = new ArrayList<>();
        for (List<Element> vector : vectors(byCondition)) {
            for (int i = 0; i < vector.getFirst().selections().size(); i++) {
                MaskedVector masked = of(vector, i, block, places);
                if (masked != null) {
                    found.add(masked);
                }
            }
        }
        found.sort(Comparator.comparing(vector -> places.get(vector.before)));
        return found;
    }

    private record Element(Conjunction condition, List<Operation> selections) {
        /// The constants of all comparisons are those of the element; null where they are not.
        Long place() {
            Long place = null;
            for (Map<Value, Long> comparisons : List.of(condition.above(), condition.atMost())) {
                for (long constant : comparisons.values()) {
                    if (place != null && place != constant) {
                        return null;
                    }
                    place = constant;
                }
            }
            return place;
        }
    }

    /// Neighbours with equally many selections.
    private static List<List<Element>> vectors(Map<Value, List<Operation>> byCondition) {
        List<List<Element>> alike = new ArrayList<>();
        byCondition.forEach((condition, selections) -> {
            Element element = new Element(Conjunction.of(condition), selections);
            if (element.place() != null) {
                for (List<Element> group : alike) {
                    if (group.getFirst().condition().isLike(element.condition())) {
                        group.add(element);
                        return;
                    }
                }
                alike.add(new ArrayList<>(List.of(element)));
            }
        });
        List<List<Element>> vectors = new ArrayList<>();
        for (List<Element> group : alike) {
            group.sort(Comparator.comparing(Element::place));
            List<Element> vector = new ArrayList<>();
            for (Element element : group) {
                if (!vector.isEmpty() && (element.place() != vector.getLast().place() + 1 || element.place() % MOST == 0
                        || element.selections().size() != vector.getLast().selections().size())) {
                    vectors.add(vector);
                    vector = new ArrayList<>();
                }
                vector.add(element);
            }
            vectors.add(vector);
        }
        vectors.removeIf(vector -> vector.size() < LEAST);
        return vectors;
    }

    /// The selections number `i` of the elements, or null where they cannot be made together.
    private static MaskedVector of(List<Element> vector, int i, Block block, Map<Operation, Integer> places) {
        List<Operation> selections = vector.stream().map(element -> element.selections().get(i)).toList();
        Operation last = null;
        int computed = -1;
        for (Operation selection : selections) {
            if (!selection.operand(2).equals(selections.getFirst().operand(2))) {
                return null;
            }
            for (Value operand : selection.operands()) {
                computed = Math.max(computed, places.getOrDefault(operand.definingOp(), -1));
            }
            last = last == null || places.get(selection) > places.get(last) ? selection : last;
        }
        Operation before = last;
        for (Operation selection : selections) {
            for (Use use : selection.result().uses()) {
                Operation user = inBlock(use.owner(), block);
                before = places.get(user) < places.get(before) ? user : before;
            }
        }
        return computed < places.get(before) ? new MaskedVector(selections, vector.stream().map(Element::condition).toList(), before)
                : null;
    }

    private static Operation inBlock(Operation op, Block block) {
        Operation outer = op;
        while (!block.equals(outer.block())) {
            outer = outer.parent();
        }
        return outer;
    }

    /// The selections themselves stay behind, unused.
    ///
    /// @param known conditions that are written already, for earlier vectors
    void rewrite(Map<Conjunction, Value> known) {
        Emitter emitter = Emitter.beforeOperation(before).at(selections.getFirst().location());
        Value none = selections.getFirst().operand(2);
        List<Value> elements = selections.stream().map(selection -> selection.operand(1)).toList();
        List<Value> chosen = emitter.choose(Conjunction.all(conditions).write(emitter), elements.stream().map(Value::type).toList(),
                inside -> elements,
                inside -> {
                    List<Value> selected = new ArrayList<>();
                    for (int i = 0; i < elements.size(); i++) {
                        // The conditions are written once more, so that nothing computes them where they are not needed.
                        selected.add(inside.select(conditions.get(i).write(inside), elements.get(i), none));
                    }
                    return selected;
                });
        Value any = known.computeIfAbsent(Conjunction.any(conditions), condition -> condition.write(emitter));
        for (int i = 0; i < elements.size(); i++) {
            selections.get(i).result().replaceAllUsesWith(emitter.select(any, chosen.get(i), none));
        }
    }
}
