// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Gives every thread of a cluster the values of all its blocks.
///
/// ```
/// scf.if thread < blocks {                  // thread i serves block i
///   slots of block i [own number] = value
/// }
/// kcc.cluster_arrive, kcc.cluster_wait
/// load of the own slots
/// ```
final class BlockExchangeLowering {
    private final ThreadBits thread;
    private final Scratch scratch;

    BlockExchangeLowering(ThreadBits thread, Scratch scratch) {
        this.thread = thread;
        this.scratch = scratch;
    }

    /// For each operand the values of the blocks in the order of their numbers, the same in every thread.
    ///
    /// @param own what this block has, in every thread of it
    List<List<Value>> exchanged(Operation op, BlockExchange exchange, List<Value> own, Emitter emitter) {
        int beyond = (1 << thread.laneBits() + thread.warpBits()) - exchange.blocks();
        emitter.onlyIf(thread.areZero(beyond & thread.lanes() - 1, beyond >>> thread.laneBits(), 0), inside -> {
            SharedScratch there = scratch.slotsOf(op, thread.number(), inside);
            for (int operand = 0; operand < own.size(); operand++) {
                int shift = Integer.numberOfTrailingZeros(SharedScratch.bytesOf(exchange.elements().get(operand)));
                there.from(exchange.offset(operand))
                        .store(List.of(own.get(operand)), inside.shiftLeft(thread.block(), shift), inside);
            }
        });
        emitter.clusterBarrier();
        List<List<Value>> received = new ArrayList<>();
        for (int operand = 0; operand < own.size(); operand++) {
            received.add(received(exchange, operand, scratch.slots(op), emitter));
        }
        return received;
    }

    private static List<Value> received(BlockExchange exchange, int operand, SharedScratch slots, Emitter emitter) {
        Type element = exchange.elements().get(operand);
        List<Value> values = new ArrayList<>();
        for (List<Integer> vector : exchange.vectors(operand)) {
            long offset = exchange.offset(operand) + (long) vector.getFirst() * SharedScratch.bytesOf(element);
            values.addAll(slots.from(offset).load(element, vector.size(), emitter.i32(0), emitter));
        }
        return values;
    }
}
