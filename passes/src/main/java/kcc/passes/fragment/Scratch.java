// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Finds the scratch that was planned for an operation.
final class Scratch {
    /// First byte of an operation's scratch in the shared memory of the block, i64.
    static final String OFFSET = "kcc.shared_offset";
    /// Bytes of an operation's scratch, i64.
    static final String SIZE = "kcc.shared_size";
    /// On operations that must wait for the block before they touch memory.
    static final String BARRIER_BEFORE = "kcc.barrier_before";

    /// First byte of the slots in which an operation receives what the other blocks of the cluster send, i64.
    static final String SLOTS_OFFSET = "kcc.slots_offset";
    /// Bytes of these slots, i64.
    static final String SLOTS_SIZE = "kcc.slots_size";
    /// On operations that must wait for the cluster before they touch memory or other blocks' slots.
    static final String CLUSTER_BARRIER_BEFORE = "kcc.cluster_barrier_before";

    private final Emitter entry;
    private Value base;

    /// @param entry writes at the entry of the function
    Scratch(Emitter entry) {
        this.entry = entry;
    }

    /// The operation's scratch. The barrier it may need stands before the operation.
    SharedScratch open(Operation op) {
        return new SharedScratch(base(), op.attribute(OFFSET).asInt());
    }

    /// The operation's slots in this block.
    SharedScratch slots(Operation op) {
        return new SharedScratch(base(), op.attribute(SLOTS_OFFSET).asInt());
    }

    /// The operation's slots in another block of the cluster.
    SharedScratch slotsOf(Operation op, Value block, Emitter emitter) {
        Value there = emitter.builder().create("kcc.map_shared").operands(base(), block)
                .result(Types.llvmPointer(emitter.context(), 7)).value();
        return new SharedScratch(there, op.attribute(SLOTS_OFFSET).asInt());
    }

    private Value base() {
        if (base == null) {
            base = entry.builder().create("kcc.shared_base").result(Types.llvmPointer(entry.context(), 3)).value();
        }
        return base;
    }
}
