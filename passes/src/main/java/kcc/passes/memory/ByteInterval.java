// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

/// The bytes `from` (inclusive) to `to` (exclusive) of a block's shared memory.
public record ByteInterval(long from, long to) {
    public ByteInterval {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("bytes " + from + " to " + to + " are no interval");
        }
    }

    public static ByteInterval of(long offset, long size) {
        return new ByteInterval(offset, offset + size);
    }

    public boolean overlaps(ByteInterval other) {
        return from < other.to && other.from < to;
    }
}
