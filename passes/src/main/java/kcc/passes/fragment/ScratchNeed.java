// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.passes.layout.Conversion;

/// Bytes of shared memory that an operation uses.
///
/// @param lasts whether they are in use behind the operation too: then all operations with such a need have the same bytes,
///     which they hand on among themselves, and no other operation has any of them
public record ScratchNeed(long bytes, long alignment, boolean lasts) {
    /// Largest access of a thread to shared memory in bytes.
    static final long WIDEST = 16;

    ScratchNeed(long bytes, long alignment) {
        this(bytes, alignment, false);
    }

    static ScratchNeed of(long bytes) {
        return new ScratchNeed(bytes, Math.min(WIDEST, Long.highestOneBit(Math.max(1, bytes))));
    }

    static ScratchNeed of(Conversion.SharedMemory shared) {
        return new ScratchNeed(shared.bytes(), WIDEST);
    }

    static ScratchNeed lasting(long bytes, long alignment) {
        return new ScratchNeed(bytes, alignment, true);
    }
}
