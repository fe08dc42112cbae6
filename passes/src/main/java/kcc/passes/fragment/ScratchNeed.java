// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.passes.layout.Conversion;

/// Bytes of shared memory that an operation uses while it runs.
public record ScratchNeed(long bytes, long alignment) {
    /// Largest access of a thread to shared memory in bytes.
    static final long WIDEST = 16;

    static ScratchNeed of(long bytes) {
        return new ScratchNeed(bytes, Math.min(WIDEST, Long.highestOneBit(Math.max(1, bytes))));
    }

    static ScratchNeed of(Conversion.SharedMemory shared) {
        return new ScratchNeed(shared.bytes(), WIDEST);
    }
}
