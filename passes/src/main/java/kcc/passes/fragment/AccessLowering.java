// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
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
    private final WindowLowering windows;
    /// Loads under way, by the tiles they bring.
    private final Map<Value, UnalignedLoad> open = new LinkedHashMap<>();

    AccessLowering(FragmentPlan plan, Values values, ThreadBits thread) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.windows = new WindowLowering(plan, values, thread);
    }

    void lowerLoad(Operation op, Emitter emitter) {
        Access access = Access.of(op);
        AccessPlan vectors = plan.accesses().get(op);
        Type stored = SharedScratch.storedType(op.result().type().elementOrSelf(), emitter);
        UnalignedLoad begun = vectors.isUnaligned()
                ? UnalignedLoad.begin(op, access, vectors, stored, values, this, emitter) : null;
        if (begun != null) {
            open.put(op.result(), begun);
            return;
        }
        List<Value> results = vectors.window() != null ? windows.load(op, access, vectors, stored, emitter)
                : vectors.isMaskSplit() ? loadSplit(op, access, vectors, stored, emitter)
                : loadVectors(op, access, vectors.vectors(), stored, true, emitter);
        bind(op.result(), vectors, results, emitter);
        if (vectors.selection() != null) {
            values.bind(vectors.selection().select().result(), values.of(op.result()));
        }
    }

    private void bind(Value tile, AccessPlan vectors, List<Value> results, Emitter emitter) {
        Registers registers = plan.types().registers(tile);
        Type element = tile.type().elementOrSelf();
        Value[] loaded = new Value[registers.count()];
        for (int v = 0; v < results.size(); v++) {
            List<Integer> vector = vectors.vectors().get(v);
            List<Value> elements = emitter.elements(results.get(v), vector.size());
            for (int i = 0; i < vector.size(); i++) {
                loaded[vector.get(i)] = SharedScratch.fromStored(elements.get(i), element, emitter);
            }
        }
        values.bind(tile, registers.fill(register -> loaded[register]));
    }

    /// Puts together what an operation uses.
    void finish(Operation user, Emitter emitter) {
        boolean uses = user.regionCount() > 0 && !open.isEmpty();
        for (Value operand : user.operands()) {
            uses |= open.containsKey(operand);
        }
        if (uses) {
            open.forEach((tile, load) -> bind(tile, plan.accesses().get(tile.definingOp()), load.finish(emitter), emitter));
            open.clear();
        }
    }

    /// One load for each vector, all of them before anything is done with the first.
    private List<Value> loadVectors(Operation op, Access access, List<List<Integer>> vectors, Type stored, boolean isMasked,
            Emitter emitter) {
        List<Value> results = new ArrayList<>();
        for (List<Integer> vector : vectors) {
            Type type = Emitter.vectorType(stored, vector.size());
            Value mask = isMasked ? mask(access, vector.getFirst()) : null;
            Value address = address(access, vector.getFirst(), emitter);
            results.add(load(op, address, mask, mask == null ? null : other(access, vector, stored, type, emitter), type,
                    alignment(stored, vector), emitter));
        }
        return results;
    }

    /// The condition under which a register is accessed, or null if it always is.
    private Value mask(Access access, int register) {
        if (access.mask() == null) {
            return null;
        }
        Value mask = values.register(access.mask(), register);
        Operation constant = mask.definingOp();
        boolean isTrue = constant != null && constant.is("arith.constant") && constant.attribute("value").asLong() != 0;
        return isTrue ? null : mask;
    }

    /// Vectors whose masks are true everywhere are loaded at once, those at an edge one element after the other. The choice
    /// joins whole vectors, so that no element is taken out of a vector before the loads that follow.
    private List<Value> loadSplit(Operation op, Access access, AccessPlan vectors, Type stored, Emitter emitter) {
        List<Value> results = new ArrayList<>();
        for (List<List<Integer>> together : together(access, vectors)) {
            List<Type> types = new ArrayList<>();
            for (List<Integer> vector : together) {
                types.add(Emitter.vectorType(stored, vector.size()));
            }
            results.addAll(emitter.choose(isFull(access, together, emitter), types,
                    inside -> loadVectors(op, access, together, stored, false, inside),
                    inside -> loadElements(op, access, together, stored, inside)));
        }
        return results;
    }

    private List<Value> loadElements(Operation op, Access access, List<List<Integer>> vectors, Type stored, Emitter emitter) {
        List<Value> results = new ArrayList<>();
        for (List<Integer> vector : vectors) {
            List<Value> elements = new ArrayList<>();
            for (int register : vector) {
                elements.add(load(op, address(access, register, emitter), maskAgain(access, register, emitter),
                        other(access, List.of(register), stored, stored, emitter), stored, alignment(stored, List.of(register)),
                        emitter));
            }
            results.add(emitter.vector(elements));
        }
        return results;
    }

    /// A mask written once more, so that nothing computes it where it is not needed.
    private Value maskAgain(Access access, int register, Emitter emitter) {
        return Conjunction.of(values.register(access.mask(), register)).write(emitter);
    }

    /// The vectors that one branch decides about: each for itself where two comparisons say whether all of its elements are
    /// inside, else all vectors of the thread.
    private List<List<List<Integer>>> together(Access access, AccessPlan vectors) {
        List<List<List<Integer>>> each = new ArrayList<>();
        for (List<Integer> vector : vectors.vectors()) {
            if (Conjunction.ofVector(masks(access, vector)) == null) {
                return List.of(vectors.vectors());
            }
            each.add(List.of(vector));
        }
        return each;
    }

    private List<Value> masks(Access access, List<Integer> vector) {
        List<Value> masks = new ArrayList<>();
        for (int register : vector) {
            masks.add(values.register(access.mask(), register));
        }
        return masks;
    }

    /// Whether the masks of all elements are true.
    private Value isFull(Access access, List<List<Integer>> vectors, Emitter emitter) {
        Value all = null;
        for (List<Integer> vector : vectors) {
            List<Conjunction> conditions = Conjunction.ofVector(masks(access, vector));
            if (conditions != null) {
                all = emitter.both(all, Conjunction.all(conditions).write(emitter));
                continue;
            }
            for (Value mask : masks(access, vector)) {
                all = emitter.both(all, mask);
            }
        }
        return all;
    }

    void lowerStore(Operation op, Emitter emitter) {
        Access access = Access.of(op);
        AccessPlan vectors = plan.accesses().get(op);
        Value writes = thread.areZero(vectors.idleLaneBits(), vectors.idleWarpBits(), vectors.idleBlockBits());
        List<Value> stored = new ArrayList<>();
        for (int register = 0; register < plan.types().registers(access.offset()).count(); register++) {
            stored.add(SharedScratch.toStored(values.register(access.value(), register), emitter));
        }
        if (vectors.window() != null) {
            windows.store(op, access, vectors, stored, writes, emitter);
            return;
        }
        if (!vectors.isMaskSplit()) {
            storeVectors(op, access, vectors.vectors(), stored, writes, register -> mask(access, register), emitter);
            return;
        }
        for (List<List<Integer>> together : together(access, vectors)) {
            List<List<Integer>> elements = new ArrayList<>();
            together.forEach(vector -> vector.forEach(register -> elements.add(List.of(register))));
            emitter.choose(isFull(access, together, emitter), List.of(),
                    inside -> {
                        storeVectors(op, access, together, stored, writes, _ -> null, inside);
                        return List.of();
                    },
                    inside -> {
                        storeVectors(op, access, elements, stored, writes, register -> maskAgain(access, register, inside),
                                inside);
                        return List.of();
                    });
        }
    }

    private void storeVectors(Operation op, Access access, List<List<Integer>> vectors, List<Value> stored, Value writes,
            IntFunction<Value> masks, Emitter emitter) {
        Addresses addresses = addresses(op, access, emitter);
        for (List<Integer> vector : vectors) {
            List<Value> elements = new ArrayList<>();
            for (int register : vector) {
                elements.add(stored.get(register));
            }
            Value mask = masks.apply(vector.getFirst());
            store(op, emitter.vector(elements), addresses.of(vector.getFirst(), emitter), emitter.both(writes, mask),
                    alignment(elements.getFirst().type(), vector), emitter);
        }
    }

    /// A store with the operation's cache hint, if the predicate holds or is null.
    static void store(Operation op, Value data, Value address, Value predicate, long alignment, Emitter emitter) {
        if (predicate == null && isDefaultCache(op)) {
            emitter.store(data, address, alignment);
            return;
        }
        OpSpec spec = emitter.builder().create("kcc.store_vector").operands(data, address);
        if (predicate != null) {
            spec.operand(predicate);
        }
        spec.attribute("alignment", Attributes.i64(emitter.context(), alignment));
        copyCache(op, spec);
        spec.build();
    }

    /// Addresses of elements, one after the other.
    Addresses addresses(Operation op, Access access, Emitter emitter) {
        return new Addresses(access, this, plan.strides().get(op), plan.types().layout(access.offset()), values,
                PointerTypes.pointeeInMemory(access.base(), emitter));
    }

    /// The address of the element of a register.
    Value address(Access access, int register, Emitter emitter) {
        return emitter.element(values.scalar(access.base()), values.register(access.offset(), register),
                PointerTypes.pointeeInMemory(access.base(), emitter));
    }

    /// A load with the operation's cache hint; `other` where the mask, if it is not null, is false.
    static Value load(Operation op, Value address, Value mask, Value other, Type type, long alignment,
            Emitter emitter) {
        if (mask == null && isDefaultCache(op)) {
            return emitter.load(address, type, alignment);
        }
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
