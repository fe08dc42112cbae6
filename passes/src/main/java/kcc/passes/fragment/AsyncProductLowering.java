// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// `kcc.async_matmul` as matrix instructions of a warp group, and the waits for them.
final class AsyncProductLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;

    AsyncProductLowering(FragmentPlan plan, Values values, ThreadBits thread) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
    }

    void lower(Operation op, Emitter emitter) {
        AsyncProductPlan product = plan.asyncProducts().get(op);
        Value[] accumulators = values.of(op.operand(2)).toArray(Value[]::new);
        Value a = values.scalar(op.operand(0));
        Value b = values.scalar(op.operand(1));
        Value ofWarp = thread.sumOfWarp(product.warpRows());
        for (AsyncProductPlan.Step step : product.steps()) {
            Value row = ofWarp == null ? emitter.i32(step.row())
                    : step.row() == 0 ? ofWarp : emitter.add(ofWarp, emitter.i32(step.row()));
            List<Value> c = new ArrayList<>();
            step.accumulator().forEach(register -> c.add(accumulators[register]));
            OpSpec spec = emitter.builder().create("kcc.async_mma").operands(a, b).operands(c).operands(row)
                    .operandSegments(1, 1, c.size(), 1)
                    .attribute("instruction", op.attribute("kcc.instruction"))
                    .attribute("column", Attributes.i64(emitter.context(), step.column()))
                    .results(c.stream().map(Value::type).toList());
            if (step.equals(product.steps().getFirst())) {
                spec.attribute("begins", Attributes.unit(emitter.context()));
            }
            if (step.equals(product.steps().getLast())) {
                spec.attribute("commits", Attributes.unit(emitter.context()));
            }
            Operation begun = spec.build();
            for (int i = 0; i < c.size(); i++) {
                accumulators[step.accumulator().get(i)] = begun.result(i);
            }
        }
        values.bind(op.result(), plan.types().registers(op.result()).fill(register -> accumulators[register]));
    }

    /// One wait for the registers of all tiles.
    void lowerWait(Operation op, Emitter emitter) {
        List<Value> all = new ArrayList<>();
        for (Value tile : op.operands()) {
            all.addAll(plan.types().registers(tile).pick(values.of(tile)));
        }
        List<Type> types = all.stream().map(Value::type).toList();
        List<Value> waited = emitter.builder().create("kcc.mma_wait").operands(all)
                .attribute("pending", op.attribute("pending")).results(types).build().results();
        int next = 0;
        for (Value result : op.results()) {
            Registers registers = plan.types().registers(result);
            int count = registers.distinct().size();
            values.bind(result, registers.spread(waited.subList(next, next + count)));
            next += count;
        }
    }
}
