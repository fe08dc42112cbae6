// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Loads and stores of global memory: one instruction for each vector of the plan.
///
/// All threads load, copies too: what they need is then where they need it. A store is done by one of the threads that hold
/// copies, that of a scalar by the first thread of the block.
final class AccessLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;

    AccessLowering(FragmentPlan plan, Values values, ThreadBits thread) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
    }

    void lowerLoad(Operation op, Emitter emitter) {
        Access access = Access.of(op);
        AccessPlan vectors = plan.accesses().get(op);
        Registers registers = plan.types().registers(op.result());
        Type element = op.result().type().elementOrSelf();
        Type stored = SharedScratch.storedType(element, emitter);
        Value[] loaded = new Value[registers.count()];
        for (List<Integer> vector : vectors.vectors()) {
            Type type = Emitter.vectorType(stored, vector.size());
            Value address = address(access, vector.getFirst(), emitter);
            Value mask = access.mask() == null ? null : values.register(access.mask(), vector.getFirst());
            Value result;
            if (mask == null && isDefaultCache(op)) {
                result = emitter.load(address, type, alignment(stored, vector));
            } else {
                result = loadVector(op, address, mask, mask == null ? null : other(access, vector, stored, type, emitter), type,
                        alignment(stored, vector), emitter);
            }
            List<Value> elements = emitter.elements(result, vector.size());
            for (int i = 0; i < vector.size(); i++) {
                loaded[vector.get(i)] = SharedScratch.fromStored(elements.get(i), element, emitter);
            }
        }
        values.bind(op.result(), registers.fill(register -> loaded[register]));
    }

    void lowerStore(Operation op, Emitter emitter) {
        Access access = Access.of(op);
        AccessPlan vectors = plan.accesses().get(op);
        Value writes = thread.areZero(vectors.idleLaneBits(), vectors.idleWarpBits());
        for (List<Integer> vector : vectors.vectors()) {
            List<Value> elements = new ArrayList<>();
            for (int register : vector) {
                elements.add(SharedScratch.toStored(values.register(access.value(), register), emitter));
            }
            Value address = address(access, vector.getFirst(), emitter);
            Value mask = access.mask() == null ? null : values.register(access.mask(), vector.getFirst());
            Value predicate = emitter.both(writes, mask);
            Value data = emitter.vector(elements);
            long alignment = alignment(elements.getFirst().type(), vector);
            if (predicate == null && isDefaultCache(op)) {
                emitter.store(data, address, alignment);
                continue;
            }
            OpSpec spec = emitter.builder().create("kcc.store_vector").operands(data, address);
            if (predicate != null) {
                spec.operand(predicate);
            }
            spec.attribute("alignment", Attributes.i64(emitter.context(), alignment));
            copyCache(op, spec);
            spec.build();
        }
    }

    /// The address of the element of a register.
    Value address(Access access, int register, Emitter emitter) {
        return emitter.element(values.scalar(access.base()), values.register(access.offset(), register),
                PointerTypes.pointeeInMemory(access.base(), emitter));
    }

    private Value loadVector(Operation op, Value address, Value mask, Value other, Type type, long alignment, Emitter emitter) {
        OpSpec spec = emitter.builder().create("kcc.load_vector").operand(address);
        if (mask != null) {
            spec.operand(mask).operand(other);
        }
        spec.operandSegments(1, mask == null ? 0 : 1, mask == null ? 0 : 1)
                .attribute("alignment", Attributes.i64(emitter.context(), alignment));
        copyCache(op, spec);
        return spec.result(type).value();
    }

    /// What masked-off elements of a vector become: zero unless the operation says otherwise.
    private Value other(Access access, List<Integer> vector, Type stored, Type type, Emitter emitter) {
        if (access.other() == null) {
            Attribute zero = stored.isFloat() ? Attributes.floating(stored, 0) : Attributes.integer(stored, 0);
            return emitter.constant(vector.size() == 1 ? zero : Attributes.splat(type, zero));
        }
        List<Value> elements = new ArrayList<>();
        for (int register : vector) {
            elements.add(SharedScratch.toStored(values.register(access.other(), register), emitter));
        }
        return emitter.vector(elements);
    }

    private static boolean isDefaultCache(Operation op) {
        Attribute cache = op.attribute("cache");
        return cache == null || cache.toString().contains("default");
    }

    private static void copyCache(Operation op, OpSpec spec) {
        Attribute cache = op.attribute("cache");
        if (cache != null) {
            spec.attribute("cache", cache);
        }
    }

    private static long alignment(Type stored, List<Integer> vector) {
        return (long) SharedScratch.bytesOf(stored) * vector.size();
    }
}
