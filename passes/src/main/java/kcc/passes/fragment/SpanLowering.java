// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Vectorization;

/// `kcc.load_span` and `kcc.store_span`: wide accesses to global memory in the order of addresses, and through shared
/// memory to and from the threads that hold the elements.
///
/// ```text
///   load    vectors and ends of all tiles from global memory | to shared memory | barrier | every register reads its element
///   store   every register writes its element | barrier | vectors and ends from shared to global memory
/// ```
final class SpanLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final Scratch scratch;

    SpanLowering(FragmentPlan plan, Values values, ThreadBits thread, Scratch scratch) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.scratch = scratch;
    }

    void lowerLoad(Operation op, Emitter emitter) {
        SpanPlan spans = plan.spans().get(op);
        SharedScratch memory = scratch.open(op);
        int count = spans.tiles().size();
        List<SpanTransfer> transfers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            transfers.add(transfer(spans.tiles().get(i), op, op.operand(i), op.operand(count + i), op.operand(2 * count + i),
                    memory, emitter));
        }
        List<SpanTransfer.Loaded> loaded = new ArrayList<>();
        for (SpanTransfer transfer : transfers) {
            loaded.add(transfer.loadGlobal(emitter));
        }
        for (int i = 0; i < count; i++) {
            transfers.get(i).storeShared(loaded.get(i), emitter);
        }
        emitter.barrier();
        for (int i = 0; i < count; i++) {
            values.bind(op.result(i), read(transfers.get(i), op.result(i).type().elementOrSelf(), emitter));
        }
    }

    void lowerStore(Operation op, Emitter emitter) {
        SpanPlan.Tile tile = plan.spans().get(op).tiles().getFirst();
        SpanTransfer transfer = transfer(tile, op, op.operand(1), op.operand(2), op.operand(3), scratch.open(op), emitter);
        write(transfer, op.operand(0), emitter);
        emitter.barrier();
        emitter.onlyIf(thread.areZero(0, 0, tile.idleBlockBits()), transfer::copyToGlobal);
    }

    private SpanTransfer transfer(SpanPlan.Tile tile, Operation op, Value base, Value rows, Value columns, SharedScratch memory,
            Emitter emitter) {
        Type element = PointerTypes.pointeeInMemory(base, emitter);
        Value from = values.scalar(base);
        Value length = values.scalar(columns);
        if (tile.isCut()) {
            // Each block of the cluster moves its part of the columns.
            int share = tile.allColumns();
            Value skipped = emitter.shiftLeft(thread.block(), Integer.numberOfTrailingZeros(share));
            from = emitter.element(from, skipped, element);
            Value left = emitter.binary("arith.maxsi", emitter.subtract(length, skipped), emitter.i32(0));
            length = emitter.binary("arith.minsi", left, emitter.i32(share));
        }
        return new SpanTransfer(tile, op, from, values.scalar(rows), length, element, thread, memory.from(tile.offset()), emitter);
    }

    /// Each thread's elements. Behind the span lie zeros, but behind the end of a row the next one.
    private List<Value> read(SpanTransfer transfer, Type element, Emitter emitter) {
        SpanPlan.Tile tile = transfer.tile();
        Places places = new Places(transfer, transfer.columns(), emitter);
        Type stored = SharedScratch.storedType(element, emitter);
        Vectorization vectors = Vectorization.of(tile.registers().layout(), "dim" + (tile.rank() - 1), tile.aligned());
        Value[] loaded = new Value[tile.registers().count()];
        for (int vector = 0; vector < vectors.vectors(); vector++) {
            int first = vectors.register(vector, 0);
            List<Value> elements = tile.isOutside(first)
                    ? Collections.nCopies(vectors.width(), emitter.constant(stored, 0))
                    : emitter.elements(emitter.load(places.address(first), Emitter.vectorType(stored, vectors.width()),
                            (long) vectors.width() * tile.elementBytes()), vectors.width());
            for (int i = 0; i < vectors.width(); i++) {
                int register = vectors.register(vector, i);
                Value value = elements.get(i);
                Value inside = tile.rows() == 1 || tile.isOutside(register) ? null : places.isInRow(register);
                value = inside == null ? value : emitter.select(inside, value, emitter.constant(stored, 0));
                loaded[register] = SharedScratch.fromStored(value, element, emitter);
            }
        }
        return tile.registers().fill(register -> loaded[register]);
    }

    /// What lies behind the span may be written too, nobody reads it.
    private void write(SpanTransfer transfer, Value value, Emitter emitter) {
        SpanPlan.Tile tile = transfer.tile();
        Places places = new Places(transfer, transfer.columns(), emitter);
        LinearLayout layout = tile.registers().layout();
        Value first = thread.areZero(layout.freeBits(LinearLayout.LANE), layout.freeBits(LinearLayout.WARP));
        for (int register : tile.registers().distinct()) {
            if (tile.isOutside(register)) {
                continue;
            }
            Value stored = SharedScratch.toStored(values.register(value, register), emitter);
            Value address = places.address(register);
            Value writes = tile.rows() > 1 ? emitter.both(first, places.isInRow(register)) : first;
            emitter.storeIf(writes, stored, address, tile.elementBytes());
        }
    }

    /// Where the elements of a thread's registers lie in shared memory.
    private final class Places {
        private final SpanTransfer transfer;
        private final Coordinates rows;
        private final Coordinates columns;
        private final Value rowBytes;
        private final Emitter emitter;
        private final Value left;
        private final Value[] ofRow;

        Places(SpanTransfer transfer, Value length, Emitter emitter) {
            SpanPlan.Tile tile = transfer.tile();
            this.transfer = transfer;
            this.emitter = emitter;
            this.rows = tile.rank() == 1 ? null : Coordinates.of(tile.registers().layout(), "dim0", thread);
            this.columns = Coordinates.of(tile.registers().layout(), "dim" + (tile.rank() - 1), thread);
            this.rowBytes = emitter.binary("arith.muli", length, emitter.i32(tile.elementBytes()));
            this.left = columns.ofThread() == null ? length : emitter.subtract(length, columns.ofThread());
            this.ofRow = new Value[tile.rows()];
        }

        /// Whether the column of a register is one of the span's; null if it is in all threads.
        Value isInRow(int register) {
            int ofRegister = columns.ofRegister(register);
            if ((ofRegister | columns.threadMask()) < transfer.tile().leastColumns()) {
                return null;
            }
            if ((ofRegister & columns.threadMask()) == 0) {
                return emitter.compare("slt", emitter.i32(ofRegister), left);
            }
            Value length = columns.ofThread() == null ? left : emitter.plus(left, columns.ofThread());
            return emitter.compare("slt", columns.at(register, emitter), length);
        }

        Value address(int register) {
            int bytes = transfer.tile().elementBytes();
            int column = columns.ofRegister(register);
            if ((column & columns.threadMask()) == 0) {
                return emitter.bytes(row(rows == null ? 0 : rows.ofRegister(register)), (long) column * bytes);
            }
            Value row = rows == null ? transfer.firstByte() : emitter.plus(transfer.firstByte(),
                    emitter.binary("arith.muli", rows.at(register, emitter), rowBytes));
            Value inRow = emitter.shiftLeft(columns.at(register, emitter), Integer.numberOfTrailingZeros(bytes));
            return transfer.shared(emitter.plus(row, inRow), emitter);
        }

        /// The address of the thread's part of the columns in the row that a register contributes.
        private Value row(int ofRegister) {
            if (ofRow[ofRegister] == null) {
                Value byteInSpan = transfer.firstByte();
                if (rows != null) {
                    byteInSpan = emitter.plus(byteInSpan,
                            emitter.binary("arith.muli", rows.at(rows.ofThread(), ofRegister, emitter), rowBytes));
                }
                if (columns.ofThread() != null) {
                    byteInSpan = emitter.plus(byteInSpan, emitter.shiftLeft(columns.ofThread(),
                            Integer.numberOfTrailingZeros(transfer.tile().elementBytes())));
                }
                ofRow[ofRegister] = transfer.shared(byteInSpan, emitter);
            }
            return ofRow[ofRegister];
        }
    }
}
