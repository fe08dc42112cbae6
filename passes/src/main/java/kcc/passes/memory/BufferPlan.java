// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// Offsets for buffers in one memory, so that buffers that interfere do not overlap.
///
/// Largest first, each into the smallest hole between the buffers it interferes with that holds it (best fit), or behind
/// the last of them.
public final class BufferPlan {
    private record Buffer(long bytes, long alignment, BitSet interferes) {}

    private final List<Buffer> buffers = new ArrayList<>();

    /// Adds a buffer and gives its number.
    ///
    /// @param alignment a power of two
    public int add(long bytes, long alignment) {
        if (bytes <= 0 || Long.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("a buffer of " + bytes + " bytes aligned to " + alignment);
        }
        buffers.add(new Buffer(bytes, alignment, new BitSet()));
        return buffers.size() - 1;
    }

    /// Says that two buffers must not overlap.
    public void interfere(int first, int second) {
        if (first != second) {
            buffers.get(first).interferes.set(second);
            buffers.get(second).interferes.set(first);
        }
    }

    public Placement place() {
        List<Integer> bySize = new ArrayList<>();
        for (int i = 0; i < buffers.size(); i++) {
            bySize.add(i);
        }
        bySize.sort(Comparator.comparingLong((Integer i) -> -buffers.get(i).bytes).thenComparingInt(i -> i));
        long[] offsets = new long[buffers.size()];
        BitSet placed = new BitSet();
        long total = 0;
        for (int i : bySize) {
            offsets[i] = bestFit(i, offsets, placed);
            placed.set(i);
            total = Math.max(total, offsets[i] + buffers.get(i).bytes);
        }
        List<Long> result = new ArrayList<>();
        for (long offset : offsets) {
            result.add(offset);
        }
        return new Placement(result, total);
    }

    private long bestFit(int buffer, long[] offsets, BitSet placed) {
        Buffer wanted = buffers.get(buffer);
        List<ByteInterval> taken = new ArrayList<>();
        for (int other = wanted.interferes.nextSetBit(0); other >= 0; other = wanted.interferes.nextSetBit(other + 1)) {
            if (placed.get(other)) {
                taken.add(ByteInterval.of(offsets[other], buffers.get(other).bytes));
            }
        }
        taken.sort(Comparator.comparingLong(ByteInterval::from));
        long best = -1;
        long smallestHole = Long.MAX_VALUE;
        long end = 0;
        for (ByteInterval interval : taken) {
            long from = aligned(end, wanted.alignment);
            long hole = interval.from() - end;
            if (from + wanted.bytes <= interval.from() && hole < smallestHole) {
                best = from;
                smallestHole = hole;
            }
            end = Math.max(end, interval.to());
        }
        return best >= 0 ? best : aligned(end, wanted.alignment);
    }

    private static long aligned(long offset, long alignment) {
        return offset + alignment - 1 & -alignment;
    }

    /// @param offsets one for each buffer, in the order they were added
    /// @param bytes the bytes from 0 to the end of the last buffer
    public record Placement(List<Long> offsets, long bytes) {
        public Placement {
            offsets = List.copyOf(offsets);
        }
    }
}
