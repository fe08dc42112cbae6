// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// `kcc.fill` as one thread's stores to a buffer ([FillPlan]).
final class FillLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;

    FillLowering(FragmentPlan plan, Values values, ThreadBits thread) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
    }

    void lower(Operation op, Emitter emitter) {
        FillPlan fill = plan.fills().get(op);
        List<Value> tile = values.of(op.operand(0));
        Value buffer = values.scalar(op.operand(1));
        Value ofThread = thread.sum(fill.lane(), fill.warp());
        for (FillPlan.Store store : fill.stores()) {
            List<Value> neighbours = new ArrayList<>();
            store.registers().forEach(register -> neighbours.add(SharedScratch.toStored(tile.get(register), emitter)));
            emitter.builder().create("kcc.store_buffer")
                    .operands(emitter.vector(neighbours), buffer, offset(ofThread, store.offset(), fill.threadMask(), emitter))
                    .build();
        }
    }

    /// A sum where thread and register have no bit in common, so that instructions take the register's part as a constant.
    private static Value offset(Value ofThread, int ofRegister, int threadMask, Emitter emitter) {
        if (ofThread == null) {
            return emitter.i32(ofRegister);
        }
        if (ofRegister == 0) {
            return ofThread;
        }
        Value constant = emitter.i32(ofRegister);
        return (ofRegister & threadMask) == 0 ? emitter.add(ofThread, constant) : emitter.xor(ofThread, constant);
    }
}
