// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Vectors at addresses that are not multiples of their bytes: each is put together from two that are.
///
/// ```text
///   memory   |  low vector   |  high vector  |      as many bytes behind a multiple in all threads
///                  [ the vector  ]
/// ```
/// How many whole registers of the low vector are skipped is one selection for each of its bits, what is left of a
/// register's bytes one funnel shift for each register of the result. A register holds 32 bits.
///
/// A low or high vector is loaded where it lies inside of the window. Where an element of the window is in one that does
/// not, the vector is loaded element by element.
final class ShiftedLoad {
    private static final int REGISTER_BYTES = Integer.BYTES;

    private final Operation op;
    private final Access access;
    private final AccessPlan vectors;
    private final Type stored;
    private final WindowBounds bounds;
    private final WindowLowering windows;
    private final Emitter emitter;
    private final int width;
    private final int elementBytes;
    private final int registers;
    /// Bytes, and elements, between the last multiple of a vector's bytes and a vector.
    private final Value bytesBefore;
    private final Value elementsBefore;
    /// The window as low vectors see it, whose first element lies so many elements before the thread's position.
    private final WindowBounds ofLow;
    private final Value hasHigh;

    ShiftedLoad(Operation op, Access access, AccessPlan vectors, Type stored, WindowBounds bounds, WindowLowering windows,
            Emitter emitter) {
        this.op = op;
        this.access = access;
        this.vectors = vectors;
        this.stored = stored;
        this.bounds = bounds;
        this.windows = windows;
        this.emitter = emitter;
        this.width = vectors.width();
        this.elementBytes = SharedScratch.bytesOf(stored);
        int vectorBytes = width * elementBytes;
        this.registers = vectorBytes / REGISTER_BYTES;
        Value address = windows.base(access);
        Value distance = vectors.window().distance();
        if (distance == null) {
            Value bytes = emitter.builder().create("llvm.ptrtoint").operand(address).result(Types.i(emitter.context(), 64)).value();
            this.bytesBefore = emitter.and(emitter.cast("arith.trunci", bytes, emitter.i32()), emitter.i32(vectorBytes - 1));
            this.elementsBefore = emitter.shiftRight(bytesBefore, Integer.numberOfTrailingZeros(elementBytes));
        } else {
            Value elements = emitter.cast("arith.trunci", windows.scalar(distance), emitter.i32());
            this.elementsBefore = emitter.and(elements, emitter.i32(width - 1));
            this.bytesBefore = emitter.shiftLeft(elementsBefore, Integer.numberOfTrailingZeros(elementBytes));
        }
        this.ofLow = bounds.moved(elementsBefore, width - 1, emitter);
        this.hasHigh = emitter.compare("ne", bytesBefore, emitter.i32(0));
    }

    /// Whether vectors of so many bytes can be put together from registers.
    static boolean isPossible(int vectorBytes) {
        return vectorBytes >= REGISTER_BYTES;
    }

    List<Value> load() {
        Value aligned = emitter.element(windows.base(access), emitter.subtract(emitter.i32(0), elementsBefore), stored);
        List<Value> skips = skips();
        Value bits = emitter.shiftLeft(emitter.and(bytesBefore, emitter.i32(REGISTER_BYTES - 1)), 3);
        Type type = Emitter.vectorType(emitter.i32(), registers);
        List<Value> whole = new ArrayList<>();
        for (List<Integer> vector : vectors.vectors()) {
            int register = vector.getFirst();
            if (bounds.isOutside(register)) {
                whole.add(zeros(Emitter.vectorType(stored, width)));
                continue;
            }
            Value address = emitter.element(aligned, windows.offset(access, register), stored);
            Value low = part(address, ofLow.contain(register, 0, width, emitter), type);
            Value high = part(emitter.bytes(address, (long) width * elementBytes),
                    emitter.and(hasHigh, ofLow.contain(register, width, width, emitter)), type);
            whole.add(joined(low, high, skips, bits));
        }
        BiFunction<Integer, Emitter, Value> isCut = (v, inside) -> isCut(vectors.vectors().get(v).getFirst(), inside);
        return windows.mended(vectors, whole, hasCut(isCut), isCut,
                (v, inside) -> windows.single(op, access, vectors.vectors().get(v), stored, bounds, inside), emitter);
    }

    /// Whether half of a vector's registers are skipped, a quarter and so on down to one.
    private List<Value> skips() {
        List<Value> skips = new ArrayList<>();
        for (int skip = registers / 2; skip > 0; skip /= 2) {
            Value bit = emitter.and(bytesBefore, emitter.i32((long) skip * REGISTER_BYTES));
            skips.add(emitter.compare("ne", bit, emitter.i32(0)));
        }
        return skips;
    }

    private Value joined(Value low, Value high, List<Value> skips, Value bits) {
        List<Value> both = new ArrayList<>(emitter.elements(low, registers));
        both.addAll(emitter.elements(high, registers));
        int skip = registers;
        for (Value isSkipped : skips) {
            skip /= 2;
            List<Value> left = new ArrayList<>();
            // As many as the skips to come and the last shift take.
            for (int i = 0; i < Math.min(both.size() - skip, registers + skip); i++) {
                left.add(emitter.select(isSkipped, both.get(i + skip), both.get(i)));
            }
            both = left;
        }
        List<Value> shifted = new ArrayList<>();
        for (int i = 0; i < registers; i++) {
            shifted.add(elementBytes >= REGISTER_BYTES ? both.get(i)
                    : emitter.builder().create("llvm.intr.fshr").operands(both.get(i + 1), both.get(i), bits)
                            .result(emitter.i32()).value());
        }
        return emitter.builder().create("llvm.bitcast").operand(emitter.vector(shifted))
                .result(Emitter.vectorType(stored, width)).value();
    }

    private Value part(Value address, Value predicate, Type type) {
        return AccessLowering.load(op, address, predicate, zeros(type), type,
                (long) registers * REGISTER_BYTES, emitter);
    }

    private Value zeros(Type type) {
        return emitter.constant(Attributes.splat(type, WindowLowering.zero(type.elementOrSelf())));
    }

    /// Whether an element of the window is in a low or high vector that is not whole inside of it. From the low vector come
    /// the elements up to its end, from the high one those before the vector's end.
    private Value isCut(int register, Emitter inside) {
        Value low = inside.and(inside.both(ofLow.isFrom(register, width - 1, inside), bounds.isBelow(register, 0, inside)),
                inside.not(ofLow.contain(register, 0, width, inside)));
        Value high = inside.and(inside.both(bounds.isFrom(register, width - 1, inside), ofLow.isBelow(register, width, inside)),
                inside.not(ofLow.contain(register, width, width, inside)));
        return inside.or(low, inside.and(hasHigh, high));
    }

    /// Whether the thread may have a vector that is cut: it holds a position between an end of the window and the nearest
    /// multiple of a vector's bytes inside of it. These are less than a vector's, so they are in the vectors of the first and
    /// of the last of them.
    private Value hasCut(BiFunction<Integer, Emitter, Value> isCut) {
        if (!WindowLowering.areDisjoint(vectors, bounds)) {
            return WindowLowering.any(vectors, isCut, emitter);
        }
        Value behind = emitter.and(emitter.plus(bounds.below(), elementsBefore), emitter.i32(width - 1));
        Value cut = isAtEnd(emitter.subtract(bounds.below(), behind), emitter.subtract(bounds.below(), emitter.i32(1)), behind);
        if (bounds.from() == null) {
            return emitter.or(cut, isAtEnd(emitter.i32(0), emitter.subtract(emitter.i32(width - 1), elementsBefore), elementsBefore));
        }
        Value before = emitter.and(emitter.plus(bounds.from(), elementsBefore), emitter.i32(width - 1));
        Value last = emitter.plus(bounds.from(), emitter.subtract(emitter.i32(width - 1), before));
        return emitter.or(cut, isAtEnd(bounds.from(), last, before));
    }

    private Value isAtEnd(Value first, Value last, Value elements) {
        Value isThere = emitter.compare("ne", elements, emitter.i32(0));
        Value hasFirst = bounds.hasPosition(first, emitter);
        return hasFirst == null ? isThere : emitter.and(isThere, emitter.or(hasFirst, bounds.hasPosition(last, emitter)));
    }
}
