// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.List;

/// How a tile gets from one distributed layout to another, in steps a lowering only has to write down.
///
/// Registers are numbered as in the layouts. In every plan a register of the result that holds a copy is given by the
/// register it is a copy of, so a value is moved once.
public sealed interface Conversion {
    /// Register r of the result is register r of the source, in every thread.
    record Identity() implements Conversion {}

    /// Register r of the result is register `sources[r]` of the source, in every thread.
    record RegisterPermutation(List<Integer> sources) implements Conversion {
        public RegisterPermutation {
            sources = List.copyOf(sources);
        }
    }

    /// Data stays in its warp and moves by lane shuffles.
    ///
    /// 1. `before` exchanges registers of the source within threads.
    /// 2. Each packet fills the registers `receive` of a lane from the registers `send` of another lane. A packet whose
    ///    `from` is the own lane is a plain move.
    /// 3. `after` exchanges registers of the result within threads.
    /// 4. Register r of the result is register `originals[r]`.
    record Shuffle(List<RegisterSwap> before, List<Packet> packets, List<RegisterSwap> after, List<Integer> originals)
            implements Conversion {
        public Shuffle {
            before = List.copyOf(before);
            packets = List.copyOf(packets);
            after = List.copyOf(after);
            originals = List.copyOf(originals);
        }

        /// The packets that cross lanes.
        public int shuffles() {
            int shuffles = 0;
            for (Packet packet : packets) {
                shuffles += packet.from().isOwnLane() ? 0 : 1;
            }
            return shuffles;
        }
    }

    /// Registers of one lane that travel in one 32-bit shuffle, `send[i]` of lane `from` to `receive[i]`.
    record Packet(ThreadMap from, List<Integer> send, List<Integer> receive) {
        public Packet {
            send = List.copyOf(send);
            receive = List.copyOf(receive);
        }
    }

    /// In threads where an odd number of the masked bits of the lane and warp numbers is set, registers r and
    /// `r ^ registers` are exchanged.
    record RegisterSwap(int registers, int laneMask, int warpMask) {
        public boolean applies(int lane, int warp) {
            return (Integer.bitCount(lane & laneMask) + Integer.bitCount(warp & warpMask) & 1) != 0;
        }
    }

    /// Data goes through shared memory: in each round all threads store, wait, load and, if another round follows, wait
    /// again. The waits are for the block, or for the warp alone if `isWithinWarp`.
    record SharedMemory(SharedAccess store, SharedAccess load, BankConflicts storing, BankConflicts loading,
            boolean isWithinWarp) implements Conversion {
        public int rounds() {
            return store.rounds();
        }

        /// Bytes of the buffer.
        public long bytes() {
            return store.bufferElements() * store.elementBytes();
        }
    }
}
