// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// An operation's scratch in shared memory: values of any element type at byte offsets.
///
/// In memory i1 and 8-bit floats are i8.
final class SharedScratch {
    private final Value base;
    private final long first;

    /// @param base  address of the shared memory of the block
    /// @param first byte behind it at which the scratch begins
    SharedScratch(Value base, long first) {
        this.base = base;
        this.first = first;
    }

    /// The part of this scratch from a byte on.
    SharedScratch from(long offset) {
        return new SharedScratch(base, first + offset);
    }

    static int bytesOf(Type element) {
        return Math.max(1, element.bitWidth() / Byte.SIZE);
    }

    /// The type in which an element lies in memory.
    static Type storedType(Type element, Emitter emitter) {
        return element.bitWidth() <= 8 ? emitter.i8() : element;
    }

    static Value toStored(Value value, Emitter emitter) {
        if (value.type().isInteger(1)) {
            return emitter.cast("arith.extui", value, emitter.i8());
        }
        return emitter.cast("arith.bitcast", value, storedType(value.type(), emitter));
    }

    static Value fromStored(Value stored, Type element, Emitter emitter) {
        return emitter.cast(element.isInteger(1) ? "arith.trunci" : "arith.bitcast", stored, element);
    }

    /// @param offset bytes from the first byte as i32, divisible by the bytes of the whole vector
    void store(List<Value> values, Value offset, Emitter emitter) {
        List<Value> stored = new ArrayList<>();
        for (Value value : values) {
            stored.add(toStored(value, emitter));
        }
        emitter.store(emitter.vector(stored), address(offset, emitter), alignment(values.getFirst().type(), values.size()));
    }

    List<Value> load(Type element, int count, Value offset, Emitter emitter) {
        Type stored = storedType(element, emitter);
        Value vector = emitter.load(address(offset, emitter), Emitter.vectorType(stored, count), alignment(element, count));
        List<Value> values = new ArrayList<>();
        for (Value value : emitter.elements(vector, count)) {
            values.add(fromStored(value, element, emitter));
        }
        return values;
    }

    /// The address `offset` bytes (i32) from the first byte.
    Value address(Value offset, Emitter emitter) {
        return emitter.element(emitter.bytes(base, first), offset, emitter.i8());
    }

    private static long alignment(Type element, int count) {
        return (long) bytesOf(element) * count;
    }
}
