// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Type;

/// Slots in the shared memory of every block of a cluster, into which each block puts one value for each operand.
///
/// Values are pushed, not fetched: when a block has come through the barrier behind the pushes, nobody touches its memory any
/// more until it takes part in the next exchange, so it may end at any time.
///
/// ```text
///   slots of operand 0: block 0 | block 1 | ... | slots of operand 1: block 0 | ...
/// ```
///
/// @param elements types of the operands
record BlockExchange(int blocks, List<Type> elements) {
    BlockExchange {
        elements = List.copyOf(elements);
    }

    /// Where the slots of an operand begin.
    long offset(int operand) {
        long offset = 0;
        for (Type element : elements.subList(0, operand)) {
            offset += slotsOf(element);
        }
        return offset;
    }

    long bytes() {
        return offset(elements.size());
    }

    /// The offsets of the elements that one access moves: as many neighbours as it can.
    List<List<Integer>> vectors(int operand) {
        int most = (int) Math.max(1, ScratchNeed.WIDEST / SharedScratch.bytesOf(elements.get(operand)));
        List<List<Integer>> vectors = new ArrayList<>();
        for (int block = 0; block < blocks; block += most) {
            List<Integer> vector = new ArrayList<>();
            for (int i = block; i < Math.min(blocks, block + most); i++) {
                vector.add(i);
            }
            vectors.add(vector);
        }
        return vectors;
    }

    private long slotsOf(Type element) {
        return (long) blocks * SharedScratch.bytesOf(element) + ScratchNeed.WIDEST - 1 & -ScratchNeed.WIDEST;
    }
}
