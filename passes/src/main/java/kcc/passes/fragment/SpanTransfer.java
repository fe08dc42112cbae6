// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// One span between global and shared memory: whole vectors, vector `j` by thread `j` modulo the threads, and the elements
/// at both ends by the first threads, one each.
///
/// All numbers are 32 bits wide and count elements unless their name says bytes.
final class SpanTransfer {
    private final SpanPlan.Tile tile;
    private final Operation op;
    private final Value base;
    private final Type element;
    private final SharedScratch memory;
    private final Value number;
    private final int threads;
    /// Bytes between the last multiple of a vector's and the span's first element.
    private final Value firstByte;
    /// Elements before the first whole vector.
    private final Value head;
    private final Value columns;
    private final Value count;
    /// Whole vectors not before this thread's first.
    private final Value vectorsLeft;
    /// This thread's element at the ends, and whether it has one.
    private final Value end;
    private final Value isAtEnd;

    SpanTransfer(SpanPlan.Tile tile, Operation op, Value base, Value rows, Value columns, Type element, ThreadBits thread,
            SharedScratch memory, Emitter emitter) {
        this.tile = tile;
        this.op = op;
        this.base = base;
        this.element = element;
        this.memory = memory;
        this.number = thread.number();
        this.threads = thread.count();
        int width = tile.width();
        Value address = emitter.builder().create("llvm.ptrtoint").operand(base).result(Types.i(emitter.context(), 64)).value();
        this.firstByte = emitter.and(emitter.cast("arith.trunci", address, emitter.i32()), emitter.i32(tile.vectorBytes() - 1));
        Value toVector = emitter.subtract(emitter.i32(0), emitter.shiftRight(firstByte, log2(tile.elementBytes())));
        this.head = emitter.and(toVector, emitter.i32(width - 1));
        this.columns = columns;
        this.count = tile.rank() == 1 ? columns : emitter.binary("arith.muli", rows, columns);
        Value behindHead = emitter.binary("arith.maxsi", emitter.subtract(count, head), emitter.i32(0));
        Value full = emitter.shiftRight(behindHead, log2(width));
        this.vectorsLeft = emitter.subtract(full, number);
        // Threads 0 to width - 1 have the elements before the first whole vector, as many behind them those after the last.
        Value isBehind = emitter.compare("sge", number, emitter.i32(width));
        Value behind = emitter.plus(emitter.subtract(head, emitter.i32(width)), emitter.shiftLeft(full, log2(width)));
        this.end = emitter.plus(number, emitter.select(isBehind, behind, emitter.i32(0)));
        this.isAtEnd = emitter.and(emitter.compare("slt", number, emitter.i32(2L * width)),
                emitter.or(isBehind, emitter.compare("slt", number, head)));
    }

    /// What a thread has loaded from global memory.
    record Loaded(List<Value> vectors, Value end) {}

    SpanPlan.Tile tile() {
        return tile;
    }

    /// The length of its rows.
    Value columns() {
        return columns;
    }

    /// Bytes in shared memory before the span's first element.
    Value firstByte() {
        return firstByte;
    }

    /// The address in shared memory behind so many bytes.
    Value shared(Value bytes, Emitter emitter) {
        return memory.address(bytes, emitter);
    }

    /// Loads all that is this thread's; zeros behind the span.
    Loaded loadGlobal(Emitter emitter) {
        Type vector = vectorType(emitter);
        Attribute zeros = Attributes.splat(vector, Attributes.integer(emitter.i32(), 0));
        Value first = firstVector(emitter);
        List<Value> vectors = new ArrayList<>();
        for (int round = 0; round < rounds(); round++) {
            vectors.add(AccessLowering.load(op, emitter.bytes(first, ofRound(round)), isFull(round, emitter),
                    emitter.constant(zeros), vector, tile.vectorBytes(), emitter));
        }
        Value inside = emitter.and(isAtEnd, emitter.compare("slt", end, count));
        Value atEnd = AccessLowering.load(op, emitter.element(base, end, element), inside, emitter.constant(element, 0), element,
                tile.elementBytes(), emitter);
        return new Loaded(vectors, atEnd);
    }

    /// Writes what was loaded. The first vector that is not whole belongs to the threads with its elements.
    void storeShared(Loaded loaded, Emitter emitter) {
        Value first = firstSharedVector(emitter);
        for (int round = 0; round < rounds(); round++) {
            Value vector = loaded.vectors.get(round);
            Value address = emitter.bytes(first, ofRound(round));
            Value isOthers = emitter.compare("ne", vectorsLeft, emitter.i32((long) round * threads));
            emitter.storeIf(emitter.both(hasVector(round, emitter), isOthers), vector, address, tile.vectorBytes());
        }
        emitter.storeIf(isAtEnd, loaded.end, sharedEnd(emitter), tile.elementBytes());
    }

    /// Writes the span from shared memory to global memory, and nothing else.
    void copyToGlobal(Emitter emitter) {
        Value globalFirst = firstVector(emitter);
        Value sharedFirst = firstSharedVector(emitter);
        List<Value> vectors = new ArrayList<>();
        for (int round = 0; round < rounds(); round++) {
            // Without a vector of its own a thread copies another's, which nobody stores.
            Value hasVector = hasVector(round, emitter);
            Value address = emitter.bytes(sharedFirst, ofRound(round));
            vectors.add(emitter.load(hasVector == null ? address : emitter.select(hasVector, address, shared(emitter.i32(0), emitter)),
                    vectorType(emitter), tile.vectorBytes()));
        }
        for (int round = 0; round < rounds(); round++) {
            AccessLowering.store(op, vectors.get(round), emitter.bytes(globalFirst, ofRound(round)), isFull(round, emitter),
                    tile.vectorBytes(), emitter);
        }
        emitter.onlyIf(emitter.and(isAtEnd, emitter.compare("slt", end, count)), inside -> {
            Value atEnd = inside.load(sharedEnd(inside), element, tile.elementBytes());
            AccessLowering.store(op, atEnd, inside.element(base, end, element), null, tile.elementBytes(), inside);
        });
    }

    private int rounds() {
        return Math.ceilDiv(tile.vectors(), threads);
    }

    private long ofRound(int round) {
        return (long) round * threads * tile.vectorBytes();
    }

    /// Whether this thread's vector of a round lies whole in the span.
    private Value isFull(int round, Emitter emitter) {
        return emitter.compare("sgt", vectorsLeft, emitter.i32((long) round * threads));
    }

    /// Whether the tile has a vector for this thread in a round; null if it has one for each.
    private Value hasVector(int round, Emitter emitter) {
        int left = tile.vectors() - round * threads;
        return left >= threads ? null : emitter.compare("slt", number, emitter.i32(left));
    }

    private Value firstVector(Emitter emitter) {
        return emitter.element(base, emitter.plus(head, emitter.shiftLeft(number, log2(tile.width()))), element);
    }

    private Value firstSharedVector(Emitter emitter) {
        Value bytes = emitter.plus(firstByte, emitter.shiftLeft(head, log2(tile.elementBytes())));
        return shared(emitter.plus(bytes, emitter.shiftLeft(number, log2(tile.vectorBytes()))), emitter);
    }

    private Value sharedEnd(Emitter emitter) {
        return shared(emitter.plus(firstByte, emitter.shiftLeft(end, log2(tile.elementBytes()))), emitter);
    }

    private Type vectorType(Emitter emitter) {
        return Emitter.vectorType(emitter.i32(), tile.vectorBytes() / Integer.BYTES);
    }

    private static int log2(int powerOfTwo) {
        return Integer.numberOfTrailingZeros(powerOfTwo);
    }
}
