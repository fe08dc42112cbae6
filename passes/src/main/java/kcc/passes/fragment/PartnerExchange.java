// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.Partner;

/// Gives every element's holder the element of its [Partner]: another register, a butterfly of shuffles, or through
/// shared memory, where each thread leaves its registers at a place of its own.
final class PartnerExchange {
    private final ThreadBits thread;
    private final LaneExchange lanes;

    PartnerExchange(ThreadBits thread, LaneExchange lanes) {
        this.thread = thread;
        this.lanes = lanes;
    }

    /// For each distinct register, in their order, what the partner holds.
    ///
    /// @param values   one value for each register of the tile
    /// @param memory   scratch of this operand; what was there before has been read by all. Null if warps do not matter
    List<Value> received(Partner partner, List<Value> values, Registers registers, SharedScratch memory, Emitter emitter) {
        if (partner.warps() != 0) {
            leave(values, registers, memory, emitter);
            emitter.barrier();
            return collect(partner, values.getFirst().type(), registers, memory, emitter);
        }
        List<Value> wanted = new ArrayList<>();
        for (int register : registers.distinct()) {
            wanted.add(values.get(register ^ partner.registers()));
        }
        return partner.lanes() == 0 ? wanted : lanes.fromFlipped(wanted, partner.lanes(), emitter);
    }

    /// What lane `own ^ lanes` holds, a mask known when the kernel runs, in registers that differ by a mask.
    List<Value> received(Value lanesMask, int registersMask, List<Value> values, Registers registers, Emitter emitter) {
        List<Value> wanted = new ArrayList<>();
        for (int register : registers.distinct()) {
            wanted.add(values.get(register ^ registersMask));
        }
        return lanes.fromFlipped(wanted, lanesMask, emitter);
    }

    void leave(List<Value> values, Registers registers, SharedScratch memory, Emitter emitter) {
        List<Integer> distinct = registers.distinct();
        for (int i = 0; i < distinct.size(); i++) {
            Value value = values.get(distinct.get(i));
            memory.store(List.of(value), place(0, i, SharedScratch.bytesOf(value.type()), emitter), emitter);
        }
    }

    List<Value> collect(Partner partner, Type element, Registers registers, SharedScratch memory, Emitter emitter) {
        List<Integer> distinct = registers.distinct();
        int otherThread = partner.lanes() | partner.warps() << thread.laneBits();
        List<Value> received = new ArrayList<>();
        for (int register : distinct) {
            int there = distinct.indexOf(registers.originals().get(register ^ partner.registers()));
            received.add(memory.load(element, 1,
                    place(otherThread, there, SharedScratch.bytesOf(element), emitter), emitter).getFirst());
        }
        return received;
    }

    /// What thread `own ^ threads` has left, a mask known when the kernel runs, of registers that differ by a mask.
    List<Value> collect(Value threads, int registersMask, Type element, Registers registers, SharedScratch memory, Emitter emitter) {
        List<Integer> distinct = registers.distinct();
        int bytes = SharedScratch.bytesOf(element);
        Value there = emitter.shiftLeft(threads, Integer.numberOfTrailingZeros(bytes));
        List<Value> received = new ArrayList<>();
        for (int register : distinct) {
            int index = distinct.indexOf(registers.originals().get(register ^ registersMask));
            Value at = emitter.add(emitter.xor(place(0, 0, bytes, emitter), there), emitter.i32(constant(index, bytes)));
            received.add(memory.load(element, 1, at, emitter).getFirst());
        }
        return received;
    }

    /// Byte offset of a register of the thread whose number differs by `otherThread`.
    private Value place(int otherThread, int index, int bytes, Emitter emitter) {
        List<Integer> ofLane = weights(thread.laneBits(), bytes);
        List<Integer> ofWarp = weights(thread.warpBits(), bytes << thread.laneBits());
        Value own = thread.sum(ofLane, ofWarp);
        int constant = constant(index, bytes);
        if (own == null) {
            return emitter.i32(constant);
        }
        Value at = otherThread == 0 ? own : emitter.xor(own, emitter.i32((long) otherThread * bytes));
        return constant == 0 ? at : emitter.add(at, emitter.i32(constant));
    }

    private int constant(int index, int bytes) {
        return index * bytes << thread.laneBits() + thread.warpBits();
    }

    private static List<Integer> weights(int bits, int lowest) {
        List<Integer> weights = new ArrayList<>();
        for (int bit = 0; bit < bits; bit++) {
            weights.add(lowest << bit);
        }
        return weights;
    }
}
