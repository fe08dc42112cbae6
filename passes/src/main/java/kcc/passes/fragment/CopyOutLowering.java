// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.layout.SwizzledBoxes;

/// `kcc.copy_out` as stores to shared memory and stores of the copy engine, box by box ([CopyOutPlan]).
///
/// ```text
///   one thread of the warp group: wait until the slot is not read any more
///   barrier of the warp group; all: write the box; fence; barrier of the warp group
///   the same thread: begin the store of the box
/// ```
final class CopyOutLowering {
    private final FragmentPlan plan;
    private final Values values;
    private final ThreadBits thread;
    private final Scratch scratch;

    CopyOutLowering(FragmentPlan plan, Values values, ThreadBits thread, Scratch scratch) {
        this.plan = plan;
        this.values = values;
        this.thread = thread;
        this.scratch = scratch;
    }

    void lower(Operation op, Emitter emitter) {
        CopyOutPlan copy = plan.copiesOut().get(op);
        SwizzledBoxes boxes = copy.boxes();
        List<Value> tile = values.of(op.operand(0));
        SharedScratch ring = scratch.open(op);
        List<Integer> ringOfWarp = ringOfWarp();
        List<Integer> byteOfWarp = new ArrayList<>();
        for (int bit = 0; bit < ringOfWarp.size(); bit++) {
            byteOfWarp.add(boxes.warp().get(bit) | ringOfWarp.get(bit));
        }
        Value ofThread = thread.sum(boxes.lane(), byteOfWarp);
        for (int i = 0; i < boxes.boxes().size(); i++) {
            SwizzledBoxes.Box box = boxes.boxes().get(i);
            SharedScratch slot = ring.from((long) copy.slot(i) * SwizzledBoxes.BYTES);
            byLeader(emitter, one -> await(copy.pending(), one));
            emitter.builder().create("kcc.warp_group_barrier").build();
            for (SwizzledBoxes.Store store : box.stores()) {
                List<Value> neighbours = new ArrayList<>();
                store.registers().forEach(register -> neighbours.add(tile.get(register)));
                slot.store(neighbours, emitter.xor(ofThread, emitter.i32(store.offset())), emitter);
            }
            emitter.builder().create("kcc.fence_async").build();
            emitter.builder().create("kcc.warp_group_barrier").build();
            byLeader(emitter, one -> begin(op, copy, box, slot, one));
        }
    }

    /// Shared memory must not be given back while it is read.
    void finish(Emitter emitter) {
        if (!plan.copiesOut().isEmpty()) {
            byLeader(emitter, one -> await(0, one));
        }
    }

    private void begin(Operation op, CopyOutPlan copy, SwizzledBoxes.Box box, SharedScratch slot, Emitter one) {
        List<Value> offsets = new ArrayList<>();
        for (Value offset : op.operands().subList(2, op.operandCount())) {
            offsets.add(values.scalar(offset));
        }
        Value ofGroup = thread.sumOfWarp(copy.boxes().groupRows());
        Value row = offsets.get(copy.rowDimension());
        row = ofGroup == null ? row : one.binary("arith.addi", row, ofGroup);
        offsets.set(copy.rowDimension(), plus(row, box.row(), one));
        offsets.set(offsets.size() - 1, plus(offsets.getLast(), box.column(), one));
        Value ringOfGroup = thread.sumOfWarp(ringOfWarp());
        one.builder().create("kcc.bulk_store")
                .operand(slot.address(ringOfGroup == null ? one.i32(0) : ringOfGroup, one))
                .operand(values.scalar(op.operand(1))).operands(offsets).build();
    }

    /// Without a promise about overflows: a tile may begin before the array.
    private static Value plus(Value offset, int more, Emitter emitter) {
        return more == 0 ? offset : emitter.binary("arith.addi", offset, emitter.i32(more));
    }

    /// What the bits of a warp's number add to the first byte of its warp group's ring.
    private List<Integer> ringOfWarp() {
        List<Integer> bytes = new ArrayList<>();
        for (int bit = 0; bit < thread.warpBits(); bit++) {
            bytes.add(bit < SwizzledBoxes.WARP_BITS ? 0 : CopyOutPlan.RING_BYTES << bit - SwizzledBoxes.WARP_BITS);
        }
        return bytes;
    }

    private static void await(int pending, Emitter one) {
        one.builder().create("kcc.bulk_wait").attribute("pending", Attributes.i32(one.context(), pending)).build();
    }

    /// Bulk stores are waited for by the thread that began them: the one elected of a warp group's first warp, always the
    /// same (PTX ISA, elect.sync).
    private void byLeader(Emitter emitter, Consumer<Emitter> body) {
        Value warpInGroup = thread.sumOfWarp(List.of(1, 2));
        emitter.onlyIf(emitter.isEqual(warpInGroup, emitter.i32(0)), warp -> {
            Value elected = warp.builder().create("kcc.elect").result(warp.i1()).value();
            warp.onlyIf(elected, body);
        });
    }
}
