// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// Atomic updates of global memory. Each element is updated by exactly one thread; if others hold copies of it and the old
/// value is used, they get it through shared memory.
final class AtomicLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final Scratch scratch;
    private final AccessLowering accesses;

    AtomicLowering(FragmentPlan plan, Values values, ThreadBits thread, Scratch scratch, AccessLowering accesses) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.scratch = scratch;
        this.accesses = accesses;
    }

    /// The scratch for the old values, or null if no thread needs those of another.
    static ScratchNeed scratch(Operation op, AccessPlan plan) {
        boolean isShared = (plan.idleLaneBits() | plan.idleWarpBits()) != 0;
        if (!op.result().isUsed() || !isShared) {
            return null;
        }
        long elements = TileTypes.isTile(op.result()) ? TensorType.of(op.result().type()).elementCount() : 1;
        return ScratchNeed.of(elements * SharedScratch.bytesOf(op.result().type().elementOrSelf()));
    }

    void lower(Operation op, Emitter emitter) {
        Access access = Access.of(op);
        AccessPlan accessPlan = plan.accesses().get(op);
        Registers registers = plan.types().registers(op.result());
        Value writes = thread.areZero(accessPlan.idleLaneBits(), accessPlan.idleWarpBits(), accessPlan.idleBlockBits());
        List<Value> old = registers.fill(register -> {
            Value mask = access.mask() == null ? null : values.register(access.mask(), register);
            return update(op, access, register, emitter.both(writes, mask), emitter);
        });
        if (scratch(op, accessPlan) != null) {
            old = handedOut(op, registers, writes, old, emitter);
        }
        values.bind(op.result(), old);
    }

    private Value update(Operation op, Access access, int register, Value predicate, Emitter emitter) {
        OpSpec spec = emitter.builder().create(op.name() + "_element");
        if (access.compare() != null) {
            spec.operand(values.register(access.compare(), register));
        }
        spec.operands(values.register(access.value(), register), accesses.address(access, register, emitter));
        if (predicate != null) {
            spec.operand(predicate);
        }
        for (String name : List.of("kind", "order", "scope")) {
            Attribute attribute = op.attribute(name);
            if (attribute != null) {
                spec.attribute(name, attribute);
            }
        }
        return spec.result(op.result().type().elementOrSelf()).value();
    }

    /// Lets the threads that updated nothing have the old values too.
    private List<Value> handedOut(Operation op, Registers registers, Value writes, List<Value> old, Emitter emitter) {
        SharedScratch memory = scratch.open(op);
        Type element = op.result().type().elementOrSelf();
        Coordinates offsets = offsets(registers, SharedScratch.bytesOf(element));
        emitter.onlyIf(writes, inside -> {
            for (int register : registers.distinct()) {
                memory.store(List.of(old.get(register)), offset(offsets, register, inside), inside);
            }
        });
        emitter.barrier();
        return registers.fill(register -> memory.load(element, 1, offset(offsets, register, emitter), emitter).getFirst());
    }

    /// The row-major number of the element of each register, in bytes; null for a scalar.
    private Coordinates offsets(Registers registers, int bytes) {
        if (registers.layout() == null) {
            return null;
        }
        LinearLayout flat = registers.layout().reshape(1 << registers.layout().outputBits());
        return Coordinates.of(flat, "dim0", thread, Integer.numberOfTrailingZeros(bytes));
    }

    private static Value offset(Coordinates offsets, int register, Emitter emitter) {
        return offsets == null ? emitter.i32(0) : offsets.at(register, emitter);
    }
}
