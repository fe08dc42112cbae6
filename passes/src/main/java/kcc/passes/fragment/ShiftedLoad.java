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

/// Vectors at addresses that are not multiples of their bytes: each is put together from pieces that are.
///
/// ```text
///   memory   |  piece   |  piece   |  piece   |      as many bytes behind a multiple in all threads
///                  [ the vector        ]
/// ```
/// How many whole registers of the pieces are skipped is one selection for each of its bits, what is left of a
/// register's bytes one funnel shift for each register of the result. A register holds 32 bits. Pieces of half a vector
/// need three loads and nine of these instructions for 8 elements of 16 bits, whole vectors two and fifteen (layer norm of
/// 3281 columns on one H200: 0.79 and 0.76 of a copy).
///
/// Where a piece is not inside of the window, the vector is loaded element by element, but for what lies before the window
/// where that begins with a piece. Of several arrays only the piece in which the window ends is: layer norm of 661, 2609 and
/// 12983 columns on one H200 0.90, 0.91 and 0.94 of a copy, 0.81, 0.84 and 0.82 with all elements; RMS norm, of one array, of 527
/// columns 0.84, and 0.90 with all elements.
final class ShiftedLoad {
    private static final int REGISTER_BYTES = FunnelShift.REGISTER_BYTES;
    private static final int PIECE_BYTES = 8;

    private final Operation op;
    private final Access access;
    private final AccessPlan vectors;
    private final Type stored;
    private final WindowBounds bounds;
    private final WindowLowering windows;
    private final Emitter emitter;
    private final int width;
    private final int elementBytes;
    private final int pieceBytes;
    private final int pieces;
    /// Bytes, and elements, between the beginning of the first piece and a vector's.
    private final Value bytesBefore;
    private final Value elementsBefore;
    /// The window as pieces see it, the first of which begins so many elements before the thread's position.
    private final WindowBounds ofPieces;
    private final boolean beginsAligned;
    /// Whether other arrays are moved as far: conditions and places of pieces are computed once for all of them.
    private final boolean isShared;

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
        this.pieceBytes = Math.min(PIECE_BYTES, vectorBytes);
        this.pieces = vectorBytes / pieceBytes + 1;
        this.beginsAligned = vectors.window().beginsAligned();
        Value distance = vectors.window().distance();
        this.isShared = distance != null && !distance.hasOneUse();
        if (distance == null) {
            Value bytes = emitter.builder().create("llvm.ptrtoint").operand(windows.base(access))
                    .result(Types.i(emitter.context(), 64)).value();
            this.bytesBefore = emitter.and(emitter.cast("arith.trunci", bytes, emitter.i32()), emitter.i32(pieceBytes - 1));
            this.elementsBefore = emitter.shiftRight(bytesBefore, Integer.numberOfTrailingZeros(elementBytes));
        } else {
            Value elements = emitter.cast("arith.trunci", windows.scalar(distance), emitter.i32());
            this.elementsBefore = emitter.and(elements, emitter.i32(elements(1) - 1));
            this.bytesBefore = emitter.shiftLeft(elementsBefore, Integer.numberOfTrailingZeros(elementBytes));
        }
        this.ofPieces = bounds.moved(elementsBefore, elements(1) - 1, emitter);
    }

    /// Whether vectors of so many bytes can be put together from registers.
    static boolean isPossible(int vectorBytes) {
        return vectorBytes >= REGISTER_BYTES;
    }

    /// How many elements so many pieces hold.
    private int elements(int count) {
        return count * pieceBytes / elementBytes;
    }

    /// One value for each vector, with zeros outside of the window.
    List<Value> load() {
        FunnelShift shift = FunnelShift.of(bytesBefore, pieceBytes, emitter);
        Value aligned = emitter.element(windows.base(access), emitter.subtract(emitter.i32(0), elementsBefore), stored);
        BiFunction<Integer, Emitter, Value> addresses = windows.addresses(aligned, access, vectors, bounds, stored, emitter);
        Type type = Emitter.vectorType(stored, width);
        List<Value> loaded = new ArrayList<>();
        for (List<Integer> vector : vectors.vectors()) {
            int register = vector.getFirst();
            if (bounds.isOutside(register)) {
                loaded.add(zeros(type));
                continue;
            }
            Value isWhole = beginsAligned ? ofPieces.isBelow(register, elements(pieces) - 1, emitter)
                    : ofPieces.contain(register, 0, elements(pieces), emitter);
            loaded.addAll(emitter.choose(isWhole, List.of(type),
                    inside -> List.of(joined(parts(register, addresses.apply(register, inside), inside), shift, inside)),
                    cut -> List.of(beginsAligned && isShared
                            ? joined(endingParts(register, addresses.apply(register, cut), aligned, cut), shift, cut)
                            : windows.single(op, access, vector, stored, bounds, RowBounds.ALL, cut))));
        }
        return loaded;
    }

    private int registersOfPiece() {
        return Math.max(1, pieceBytes / REGISTER_BYTES);
    }

    private Type pieceType() {
        return Emitter.vectorType(emitter.i32(), registersOfPiece());
    }

    /// The registers of all pieces of a vector that ends inside of the window.
    private List<Value> parts(int register, Value address, Emitter inside) {
        List<Value> parts = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            // Which pieces there are is known, but for those before the window.
            Value isThere = beginsAligned ? ofPieces.isFrom(register, elements(piece), inside) : null;
            parts.addAll(part(piece, address, isThere, inside));
        }
        return parts;
    }

    /// The registers of a vector's pieces at the window's end. The piece in which that lies, the same for all threads, is put together from
    /// single elements: behind the end of an array nothing is read.
    private List<Value> endingParts(int register, Value address, Value aligned, Emitter cut) {
        Value count = cut.and(ofPieces.below(), cut.i32(elements(1) - 1));
        Value begin = cut.subtract(ofPieces.below(), count);
        Value single = cut.element(aligned, begin, stored);
        List<Value> elements = new ArrayList<>();
        for (int i = 0; i < elements(1); i++) {
            elements.add(i == elements(1) - 1 ? cut.constant(WindowLowering.zero(stored))
                    : AccessLowering.load(op, cut.bytes(single, (long) i * elementBytes), cut.compare("sgt", count, cut.i32(i)),
                            cut.constant(WindowLowering.zero(stored)), stored, elementBytes, cut));
        }
        List<List<Value>> whole = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            Value isThere = cut.both(ofPieces.isFrom(register, elements(piece), cut),
                    ofPieces.isBelow(register, elements(piece + 1) - 1, cut));
            whole.add(part(piece, address, isThere, cut));
        }
        List<Value> last = cut.elements(cut.builder().create("llvm.bitcast").operand(cut.vector(elements)).result(pieceType()).value(),
                registersOfPiece());
        Value position = ofPieces.positions().at(register, cut);
        List<Value> parts = new ArrayList<>();
        for (int piece = 0; piece < pieces; piece++) {
            Value isLast = cut.isEqual(cut.plus(position, cut.i32(elements(piece))), begin);
            for (int i = 0; i < registersOfPiece(); i++) {
                parts.add(cut.select(isLast, last.get(i), whole.get(piece).get(i)));
            }
        }
        return parts;
    }

    private List<Value> part(int piece, Value address, Value isThere, Emitter inside) {
        Value part = AccessLowering.load(op, inside.bytes(address, (long) piece * pieceBytes), isThere, zeros(pieceType()),
                pieceType(), pieceBytes, inside);
        return inside.elements(part, registersOfPiece());
    }

    private Value joined(List<Value> parts, FunnelShift shift, Emitter inside) {
        List<Value> registers = shift.registers(parts, width * elementBytes / REGISTER_BYTES, elementBytes, inside);
        return inside.builder().create("llvm.bitcast").operand(inside.vector(registers))
                .result(Emitter.vectorType(stored, width)).value();
    }

    private Value zeros(Type type) {
        return emitter.constant(Attributes.splat(type, WindowLowering.zero(type.elementOrSelf())));
    }
}
