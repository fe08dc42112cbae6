// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.placement.MatrixTypes;

/// `kcc.async_matmul` as matrix instructions of a warp group, and the waits for them.
///
/// A product whose sums are coarse (`kcc.max_imprecise`) is begun piece by piece, each from nothing, waited for and added
/// by the threads. Of two warp groups one adds while the other's piece is multiplied.
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
        boolean inPieces = op.hasAttribute(MatrixTypes.MAX_IMPRECISE);
        for (AsyncProductPlan.Step step : product.steps()) {
            List<Value> c = new ArrayList<>();
            for (int register : step.accumulator()) {
                c.add(inPieces ? emitter.constant(accumulators[register].type(), 0) : accumulators[register]);
            }
            List<Value> begun = begin(op, step, c, inPieces || step.equals(product.steps().getFirst()),
                    inPieces || step.equals(product.steps().getLast()), emitter);
            List<Value> sums = inPieces ? await(begun, 0, emitter) : begun;
            for (int i = 0; i < sums.size(); i++) {
                int register = step.accumulator().get(i);
                accumulators[register] = inPieces ? emitter.binary("arith.addf", accumulators[register], sums.get(i)) : sums.get(i);
            }
        }
        values.bind(op.result(), plan.types().registers(op.result()).fill(register -> accumulators[register]));
    }

    private List<Value> begin(Operation op, AsyncProductPlan.Step step, List<Value> c, boolean begins, boolean commits,
            Emitter emitter) {
        Value ofWarp = thread.sumOfWarp(plan.asyncProducts().get(op).warpRows());
        Value row = ofWarp == null ? emitter.i32(step.row())
                : step.row() == 0 ? ofWarp : emitter.add(ofWarp, emitter.i32(step.row()));
        OpSpec spec = emitter.builder().create("kcc.async_mma")
                .operands(values.scalar(op.operand(0)), values.scalar(op.operand(1))).operands(c).operands(row)
                .operandSegments(1, 1, c.size(), 1)
                .attribute("instruction", op.attribute("kcc.instruction"))
                .attribute("column", Attributes.i64(emitter.context(), step.column()))
                .results(c.stream().map(Value::type).toList());
        if (op.hasAttribute(MatrixTypes.PART)) {
            spec.attribute(MatrixTypes.PART, op.attribute(MatrixTypes.PART));
        }
        if (begins) {
            spec.attribute("begins", Attributes.unit(emitter.context()));
        }
        if (commits) {
            spec.attribute("commits", Attributes.unit(emitter.context()));
        }
        return spec.build().results();
    }

    private static List<Value> await(List<Value> begun, int pending, Emitter emitter) {
        return emitter.builder().create("kcc.mma_wait").operands(begun)
                .attribute("pending", Attributes.i32(emitter.context(), pending))
                .results(begun.stream().map(Value::type).toList()).build().results();
    }

    /// One wait for the registers of all tiles.
    void lowerWait(Operation op, Emitter emitter) {
        List<Value> all = new ArrayList<>();
        for (Value tile : op.operands()) {
            all.addAll(plan.types().registers(tile).pick(values.of(tile)));
        }
        List<Value> waited = await(all, op.attribute("pending").asInt(), emitter);
        int next = 0;
        for (Value result : op.results()) {
            Registers registers = plan.types().registers(result);
            int count = registers.distinct().size();
            values.bind(result, registers.spread(waited.subList(next, next + count)));
            next += count;
        }
    }
}
