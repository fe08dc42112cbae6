// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Accesses whose mask is a [Window] of their positions: whole vectors inside of it without a branch, and single elements
/// in the few vectors that its ends cut.
///
/// Loads of all whole vectors come first, so that they are in flight before anything waits for an element at an end. Only
/// threads that hold the positions at the ends look which of their vectors is cut: one branch for all vectors of a thread.
/// A store has a branch for each vector, so that whatever only it needs can go into that.
final class WindowLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;

    WindowLowering(FragmentPlan plan, Values values, ThreadBits thread) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
    }

    /// One value for each vector of the plan; zeros outside of the window, or what the selection says.
    List<Value> load(Operation op, Access access, AccessPlan vectors, Type stored, Emitter emitter) {
        WindowBounds bounds = bounds(access, vectors.window(), emitter);
        if (!vectors.window().isAligned()) {
            return new ShiftedLoad(op, access, vectors, stored, bounds, this, emitter).load();
        }
        Window.Selection selection = vectors.selection();
        WindowBounds wanted = selection == null ? bounds : bounds(access, selection.window(), emitter);
        Attribute other = selection == null ? zero(stored) : selection.other();
        return new AlignedLoad(op, access, vectors, stored, bounds, wanted, other).load(emitter);
    }

    /// A load of vectors at multiples of their bytes.
    ///
    /// @param bounds what may be loaded
    /// @param wanted what is wanted of it
    /// @param other  what all else becomes
    private final class AlignedLoad {
        private final Operation op;
        private final Access access;
        private final AccessPlan vectors;
        private final Type stored;
        private final WindowBounds bounds;
        private final WindowBounds wanted;
        private final Attribute other;
        private final int width;
        private final RowBounds rows;

        AlignedLoad(Operation op, Access access, AccessPlan vectors, Type stored, WindowBounds bounds, WindowBounds wanted,
                Attribute other) {
            this.op = op;
            this.access = access;
            this.vectors = vectors;
            this.stored = stored;
            this.bounds = bounds;
            this.wanted = wanted;
            this.other = other;
            this.width = vectors.width();
            this.rows = rows(access, vectors.window());
        }

        List<Value> load(Emitter emitter) {
            Type type = Emitter.vectorType(stored, width);
            Value others = emitter.constant(Attributes.splat(type, other));
            List<Value> whole = new ArrayList<>();
            for (List<Integer> vector : vectors.vectors()) {
                int register = vector.getFirst();
                if (bounds.isOutside(register) || wanted.isOutside(register)) {
                    whole.add(others);
                    continue;
                }
                Value isLoaded = bounds.contain(register, 0, width, emitter);
                Value isWanted = wanted.equals(bounds) ? isLoaded : emitter.both(isLoaded, wanted.meet(register, 0, width, emitter));
                whole.add(AccessLowering.load(op, address(access, register, stored, emitter),
                        emitter.both(isWanted, rows.contain(register, emitter)), others, type,
                        (long) width * SharedScratch.bytesOf(stored), emitter));
            }
            List<Value> ends = new ArrayList<>(List.of(bounds.below(), wanted.below()));
            if (bounds.from() != null) {
                ends.add(bounds.from());
            }
            if (wanted.from() != null) {
                ends.add(wanted.from());
            }
            BiFunction<Integer, Emitter, Value> isCut = this::isCut;
            Value hasCut = hasCut(vectors, bounds, ends, isCut, emitter);
            if (!wanted.equals(bounds)) {
                hasCut = emitter.or(hasCut, emitter.compare("slt", bounds.below(), wanted.below()));
            }
            return WindowLowering.this.mended(vectors, whole, hasCut, isCut,
                    (v, inside) -> anew(v, whole.get(v), inside), emitter);
        }

        private Value isCut(int v, Emitter emitter) {
            int register = vectors.vectors().get(v).getFirst();
            Value isWhole = emitter.both(bounds.contain(register, 0, width, emitter),
                    wanted.equals(bounds) ? null : wanted.contain(register, 0, width, emitter));
            return emitter.and(wanted.meet(register, 0, width, emitter), emitter.not(isWhole));
        }

        private Value anew(int v, Value whole, Emitter emitter) {
            List<Integer> vector = vectors.vectors().get(v);
            if (wanted.equals(bounds)) {
                return single(op, access, vector, stored, bounds, rows, emitter);
            }
            return emitter.choose(bounds.contain(vector.getFirst(), 0, width, emitter), List.of(whole.type()),
                    loaded -> List.of(selected(vector, emitter.elements(whole, width), loaded)),
                    cut -> List.of(selected(vector, cut.elements(single(op, access, vector, stored, bounds, rows, cut), width), cut)))
                    .getFirst();
        }

        private Value selected(List<Integer> vector, List<Value> elements, Emitter emitter) {
            List<Value> selected = new ArrayList<>();
            for (int i = 0; i < width; i++) {
                selected.add(emitter.select(wanted.contain(vector.getFirst(), i, 1, emitter), elements.get(i),
                        emitter.constant(other)));
            }
            return emitter.vector(selected);
        }
    }

    /// @param stored the elements as they are in memory, one for each register
    void store(Operation op, Access access, AccessPlan vectors, List<Value> stored, Value writes, Emitter emitter) {
        int width = vectors.width();
        int bytes = SharedScratch.bytesOf(stored.getFirst().type());
        WindowBounds bounds = bounds(access, vectors.window(), emitter);
        BiFunction<Integer, Emitter, Value> addresses =
                addresses(base(access), access, vectors, bounds, stored.getFirst().type(), emitter);
        RowBounds rows = rows(access, vectors.window());
        for (List<List<Integer>> together : together(vectors, bounds)) {
            int first = together.getFirst().getFirst();
            if (bounds.isOutside(first)) {
                continue;
            }
            emitter.onlyIf(emitter.both(writes, bounds.meet(first, 0, width, emitter)), inside -> {
                Value isWhole = bounds.contain(first, 0, width, inside);
                for (List<Integer> vector : together) {
                    int register = vector.getFirst();
                    AccessLowering.store(op, inside.vector(elements(vector, stored)), addresses.apply(register, inside),
                            inside.both(isWhole, rows.contain(register, inside)), (long) width * bytes, inside);
                }
                inside.onlyIf(inside.not(isWhole), cut -> together.forEach(vector -> storeSingle(op,
                        addresses.apply(vector.getFirst(), cut), vector.getFirst(), elements(vector, stored), bounds, rows, cut)));
            });
        }
    }

    private static List<Value> elements(List<Integer> vector, List<Value> stored) {
        return vector.stream().map(stored::get).toList();
    }

    /// Vectors of several rows at the same positions: one condition decides about them.
    private static List<List<List<Integer>>> together(AccessPlan vectors, WindowBounds bounds) {
        Map<Integer, List<List<Integer>>> byPosition = new LinkedHashMap<>();
        for (List<Integer> vector : vectors.vectors()) {
            byPosition.computeIfAbsent(bounds.positions().ofRegister(vector.getFirst()), _ -> new ArrayList<>()).add(vector);
        }
        return List.copyOf(byPosition.values());
    }

    private void storeSingle(Operation op, Value first, int register, List<Value> elements, WindowBounds bounds, RowBounds rows,
            Emitter emitter) {
        int bytes = SharedScratch.bytesOf(elements.getFirst().type());
        Value isThere = rows.contain(register, emitter);
        for (int i = 0; i < elements.size(); i++) {
            AccessLowering.store(op, elements.get(i), emitter.bytes(first, (long) i * bytes),
                    emitter.both(bounds.contain(register, i, 1, emitter), isThere), bytes, emitter);
        }
    }

    /// The vectors, those that are cut made anew. `hasCut` is true in all threads that have one.
    List<Value> mended(AccessPlan vectors, List<Value> whole, Value hasCut, BiFunction<Integer, Emitter, Value> isCut,
            BiFunction<Integer, Emitter, Value> mend, Emitter emitter) {
        return emitter.choose(hasCut, whole.stream().map(Value::type).toList(),
                inside -> {
                    List<Value> mended = new ArrayList<>();
                    for (int v = 0; v < whole.size(); v++) {
                        int vector = v;
                        Operation made = whole.get(v).definingOp();
                        mended.add(made.is("arith.constant") ? whole.get(v)
                                : inside.choose(isCut.apply(v, inside), List.of(whole.get(v).type()),
                                        cut -> List.of(mend.apply(vector, cut)), _ -> List.of(whole.get(vector))).getFirst());
                    }
                    return mended;
                },
                _ -> whole);
    }

    /// A vector, each element of the window loaded by itself.
    Value single(Operation op, Access access, List<Integer> vector, Type stored, WindowBounds bounds, RowBounds rows,
            Emitter emitter) {
        int bytes = SharedScratch.bytesOf(stored);
        Value isThere = rows.contain(vector.getFirst(), emitter);
        Value first = address(access, vector.getFirst(), stored, emitter);
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < vector.size(); i++) {
            elements.add(AccessLowering.load(op, emitter.bytes(first, (long) i * bytes),
                    emitter.both(bounds.contain(vector.getFirst(), i, 1, emitter), isThere), emitter.constant(zero(stored)), stored,
                    bytes, emitter));
        }
        return emitter.vector(elements);
    }

    /// Where a register's element is: an address that the thread computes once for each row, before branches, and a constant.
    BiFunction<Integer, Emitter, Value> addresses(Value base, Access access, AccessPlan vectors, WindowBounds bounds, Type stored,
            Emitter emitter) {
        if (!areDisjoint(vectors, bounds)) {
            return (register, inside) -> inside.element(base, offset(access, register), stored);
        }
        Coordinates positions = bounds.positions();
        RowBounds rows = rows(access, vectors.window());
        long bytes = SharedScratch.bytesOf(stored);
        Map<Integer, Integer> firsts = new HashMap<>();
        Map<Integer, Value> begins = new HashMap<>();
        for (List<Integer> vector : vectors.vectors()) {
            int first = vector.getFirst();
            int row = rows.ofRegister(first);
            if (firsts.putIfAbsent(row, first) == null) {
                begins.put(row, emitter.element(base, offset(access, first), stored));
            }
        }
        return (register, inside) -> {
            int row = rows.ofRegister(register);
            return inside.bytes(begins.get(row),
                    bytes * (positions.ofRegister(register) - positions.ofRegister(firsts.get(row))));
        };
    }

    Value address(Access access, int register, Type stored, Emitter emitter) {
        return emitter.element(base(access), offset(access, register), stored);
    }

    Value offset(Access access, int register) {
        return values.register(access.offset(), register);
    }

    Value base(Access access) {
        return values.scalar(access.base());
    }

    Value scalar(Value value) {
        return values.scalar(value);
    }

    static Attribute zero(Type element) {
        return element.isFloat() ? Attributes.floating(element, 0) : Attributes.integer(element, 0);
    }

    private static Value isCut(List<Integer> vector, WindowBounds bounds, Emitter emitter) {
        int register = vector.getFirst();
        return emitter.and(bounds.meet(register, 0, vector.size(), emitter),
                emitter.not(bounds.contain(register, 0, vector.size(), emitter)));
    }

    /// Whether the thread may have a vector that is cut: it holds the position of an end that is no multiple of a vector.
    private static Value hasCut(AccessPlan vectors, WindowBounds bounds, List<Value> ends, BiFunction<Integer, Emitter, Value> isCut,
            Emitter emitter) {
        if (!areDisjoint(vectors, bounds)) {
            return any(vectors, isCut, emitter);
        }
        Value any = null;
        for (Value end : new LinkedHashSet<>(ends)) {
            Value isEnd = isEnd(end, vectors.width(), bounds, emitter);
            any = any == null ? isEnd : emitter.or(any, isEnd);
        }
        return any;
    }

    private static Value isEnd(Value end, int width, WindowBounds bounds, Emitter emitter) {
        Value isInVector = emitter.compare("ne", emitter.and(end, emitter.i32(width - 1)), emitter.i32(0));
        return emitter.both(bounds.hasPosition(end, emitter), isInVector);
    }

    /// Whether threads and registers have bits of the position of their own, so that a thread knows which positions it has.
    static boolean areDisjoint(AccessPlan vectors, WindowBounds bounds) {
        for (List<Integer> vector : vectors.vectors()) {
            for (int register : vector) {
                if ((bounds.positions().ofRegister(register) & bounds.positions().threadMask()) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    static Value any(AccessPlan vectors, BiFunction<Integer, Emitter, Value> isCut, Emitter emitter) {
        Value any = null;
        for (int v = 0; v < vectors.vectors().size(); v++) {
            Value cut = isCut.apply(v, emitter);
            any = any == null ? cut : emitter.or(any, cut);
        }
        return any;
    }

    RowBounds rows(Access access, Window window) {
        Window.Rows rows = window.rows();
        return rows == null ? RowBounds.ALL : new RowBounds(
                Coordinates.of(plan.types().layout(access.offset()), "dim" + rows.axis(), thread), values.scalar(rows.count()),
                rows.least());
    }

    private WindowBounds bounds(Access access, Window window, Emitter emitter) {
        Coordinates positions = Coordinates.of(plan.types().layout(access.offset()), "dim" + window.axis(), thread);
        Value from = window.from() == null ? null : values.scalar(window.from());
        return WindowBounds.of(positions, from, window.mostFrom(), values.scalar(window.below()), window.mostBelow(), emitter);
    }
}
