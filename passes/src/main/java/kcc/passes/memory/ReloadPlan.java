// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// What lives across a reduction and can be had again behind it: by loading it again, and computing from it what is
/// computed element by element.
///
/// @param values    used behind the reduction, in the order of the text
/// @param computed  all that is loaded or computed again for them, in that order
/// @param first     first operation behind the reduction that uses one of the values
/// @param registers that the values occupy in each thread
/// @param loaded    registers that the loads among them, or what they are computed from, occupy
record ReloadPlan(List<Value> values, List<Value> computed, Operation first, int registers, int loaded) {
    private static final int REGISTER_BITS = 32;

    /// The plan for a reduction; null if nothing can be had again.
    ///
    /// @param isChosen whether what a load brings may be loaded again
    static ReloadPlan of(Operation reduction, Predicate<Operation> isChosen) {
        Block block = reduction.block();
        Set<Value> repeatable = new LinkedHashSet<>();
        Set<Value> indices = new HashSet<>();
        List<Value> live = new ArrayList<>();
        Operation first = null;
        for (Operation op = block.first(); op != null && !op.equals(reduction); op = op.next()) {
            classify(op, isChosen, repeatable, indices);
            Operation user = op.resultCount() == 1 && repeatable.contains(op.result()) ? usedBehind(op.result(), reduction) : null;
            if (user != null) {
                live.add(op.result());
                first = first == null || user.isBefore(first) ? user : first;
            }
        }
        if (live.isEmpty()) {
            return null;
        }
        Set<Value> needed = new HashSet<>();
        live.forEach(value -> collect(value, repeatable, needed));
        List<Value> computed = repeatable.stream().filter(needed::contains).toList();
        int ofLoads = 0;
        for (Value value : computed) {
            if (value.definingOp().is("kcc.load")) {
                ofLoads += registers(value);
                if (mayChange(value.definingOp(), first)) {
                    return null;
                }
            }
        }
        int own = live.stream().mapToInt(ReloadPlan::registers).sum();
        return new ReloadPlan(live, computed, first, own, ofLoads);
    }

    /// Loads and computes the values again before their first use; gives the number of loads.
    int rewrite() {
        List<List<Operation>> users = new ArrayList<>();
        for (Value value : values) {
            List<Operation> behind = new ArrayList<>();
            for (Use use : value.uses()) {
                Operation inBlock = inBlock(use.owner(), first.block());
                if (inBlock != null && !inBlock.isBefore(first)) {
                    behind.add(use.owner());
                }
            }
            users.add(behind);
        }
        Map<Value, Value> again = new HashMap<>();
        int loads = 0;
        for (Value value : computed) {
            Operation copy = OpBuilder.before(first).insert(value.definingOp().copy());
            replace(copy, again);
            again.put(value, copy.result());
            loads += copy.is("kcc.load") ? 1 : 0;
        }
        users.forEach(behind -> behind.forEach(user -> replace(user, again)));
        return loads;
    }

    private static void replace(Operation user, Map<Value, Value> again) {
        for (int i = 0; i < user.operandCount(); i++) {
            Value copy = again.get(user.operand(i));
            if (copy != null) {
                user.setOperand(i, copy);
            }
        }
    }

    /// Notes whether the result of an operation is a tile that comes from memory and can be had again, or one that is
    /// computed from no memory at all: indices, constants and what follows from them and from scalars.
    private static void classify(Operation op, Predicate<Operation> isChosen, Set<Value> repeatable, Set<Value> indices) {
        if (op.resultCount() != 1 || !isTile(op.result())) {
            return;
        }
        boolean isSource = switch (op.name()) {
            case "arith.constant", "kcc.arange", "tensor.splat", "tensor.empty" -> true;
            default -> false;
        };
        if (isSource) {
            indices.add(op.result());
            return;
        }
        boolean isLoad = op.is("kcc.load") && (op.attribute("cache") == null
                || !op.attribute("cache").toString().contains("volatile"));
        if (isLoad ? !isChosen.test(op) : !isElementwise(op)) {
            return;
        }
        boolean fromMemory = isLoad;
        for (Value operand : op.operands()) {
            if (isTile(operand) && !indices.contains(operand)) {
                if (!repeatable.contains(operand)) {
                    return;
                }
                fromMemory = true;
            }
        }
        (fromMemory ? repeatable : indices).add(op.result());
    }

    private static boolean isElementwise(Operation op) {
        return op.regionCount() == 0 && (op.name().startsWith("arith.") || op.name().startsWith("math.")
                || op.is("kcc.reshape") || op.is("kcc.broadcast"));
    }

    private static void collect(Value value, Set<Value> repeatable, Set<Value> needed) {
        if (repeatable.contains(value) && needed.add(value)) {
            value.definingOp().operands().forEach(operand -> collect(operand, repeatable, needed));
        }
    }

    /// The first operation of the block behind the reduction that uses a value, or whose regions do; null if there is none.
    private static Operation usedBehind(Value value, Operation reduction) {
        Operation first = null;
        for (Use use : value.uses()) {
            Operation inBlock = inBlock(use.owner(), reduction.block());
            if (inBlock != null && reduction.isBefore(inBlock) && (first == null || inBlock.isBefore(first))) {
                first = inBlock;
            }
        }
        return first;
    }

    private static Operation inBlock(Operation op, Block block) {
        Operation at = op;
        while (at != null && !block.equals(at.block())) {
            at = at.parent();
        }
        return at;
    }

    /// Whether the program may write what an operation loads before another one.
    private static boolean mayChange(Operation load, Operation until) {
        Value array = BarrierMarks.root(load.operand(0));
        boolean[] written = {false};
        for (Operation op = load; op != null && !op.equals(until); op = op.next()) {
            op.walk(inner -> {
                Value target = switch (inner.name()) {
                    case "kcc.store", "kcc.atomic_rmw", "kcc.store_span" -> inner.operand(1);
                    case "kcc.atomic_cas" -> inner.operand(2);
                    default -> null;
                };
                if (target != null) {
                    Value root = BarrierMarks.root(target);
                    written[0] |= root == null || array == null || root.equals(array);
                }
            });
        }
        return written[0];
    }

    private static boolean isTile(Value value) {
        return value.type().isTensor() && TensorType.of(value.type()).rank() > 0;
    }

    private static int registers(Value tile) {
        TensorType type = TensorType.of(tile.type());
        int[] shape = type.shape().stream().mapToInt(Math::toIntExact).toArray();
        int elements = LinearLayout.parse(type.encoding().toString(), shape).registers();
        return Math.ceilDiv(elements * type.element().bitWidth(), REGISTER_BITS);
    }
}
