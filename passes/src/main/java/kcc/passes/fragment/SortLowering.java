// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// `kcc.sort` and `kcc.flip`, by the steps of a [SortPlan].
///
/// Elements in the language's own order are sorted as integers ([SortKeys]), others by their comparator: both holders of a
/// pair evaluate it on the same two elements in the same order, so nothing is lost or doubled even if it is no order at all.
final class SortLowering {
    private final FunctionLowering lowering;
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final PartnerExchange exchange;
    private final Scratch scratch;

    SortLowering(FunctionLowering lowering, FragmentPlan plan, Values values, ThreadBits thread, LaneExchange lanes,
            Scratch scratch) {
        this.lowering = lowering;
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.exchange = new PartnerExchange(thread, lanes);
        this.scratch = scratch;
    }

    void lowerFlip(Operation op, Emitter emitter) {
        SortPlan steps = plan.sorts().get(op);
        Registers registers = plan.types().registers(op.result());
        SharedScratch memory = steps.scratch() == null ? null : scratch.open(op);
        values.bind(op.result(), registers.spread(exchange.received(
                steps.steps().getFirst(), values.of(op.operand(0)), registers, memory, emitter)));
    }

    void lowerSort(Operation op, Emitter emitter) {
        SortPlan steps = plan.sorts().get(op);
        Registers registers = plan.types().registers(op.result(0));
        SharedScratch memory = steps.scratch() == null ? null : scratch.open(op);
        SortKeys keys = SortKeys.of(op);
        SortOrder order = keys == null ? new SortOrder.Comparator(new CombineFunction(op, lowering, values))
                : new SortOrder.Integers();
        List<List<Value>> elements = new ArrayList<>();
        op.operands().forEach(source -> elements.add(values.of(source)));
        SortNetwork network = new SortNetwork(order, steps, registers, op.attribute("axis").asInt(), memory, thread, exchange, emitter);
        List<List<Value>> sorted = network.sort(keys == null ? elements : encoded(keys, elements, registers, emitter));
        List<List<Value>> results = keys == null ? sorted : decoded(keys, sorted.getFirst(), op.resultCount(), registers, emitter);
        for (int operand = 0; operand < op.resultCount(); operand++) {
            values.bind(op.result(operand), results.get(operand));
        }
    }

    private static List<List<Value>> encoded(SortKeys keys, List<List<Value>> elements, Registers registers, Emitter emitter) {
        return List.of(registers.fill(register -> keys.encode(SortNetwork.at(elements, register), emitter)));
    }

    private static List<List<Value>> decoded(SortKeys keys, List<Value> sorted, int count, Registers registers, Emitter emitter) {
        List<List<Value>> results = new ArrayList<>();
        for (int operand = 0; operand < count; operand++) {
            results.add(new ArrayList<>());
        }
        for (int register : registers.distinct()) {
            List<Value> decoded = keys.decode(sorted.get(register), emitter);
            for (int operand = 0; operand < count; operand++) {
                results.get(operand).add(decoded.get(operand));
            }
        }
        results.replaceAll(registers::spread);
        return results;
    }
}
