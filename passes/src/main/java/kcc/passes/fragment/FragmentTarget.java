// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Operation;
import kcc.passes.layout.BankModel;
import kcc.passes.layout.ConversionPlanner;
import kcc.passes.layout.MachineLayouts;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.SharedMemory;

/// What the fragment level asks of a machine.
///
/// @param warpSize     lanes of a warp
/// @param banks        how shared memory serves the lanes of a warp
/// @param sharedBytes  the most shared memory that one operation may take
/// @param costs        relative costs of the ways between threads
/// @param vectorBytes  the most bytes of one access of a thread to global memory
record FragmentTarget(int warpSize, BankModel banks, long sharedBytes, ConversionPlanner.Costs costs, int vectorBytes) {
    /// Relative costs of a warp: a shuffle occupies the same unit as an access to shared memory for one turn and is not
    /// pipelined with the data it needs, a wait costs about as much as a round trip of all warps through shared memory.
    private static final ConversionPlanner.Costs COSTS = new ConversionPlanner.Costs(2, 1, 1, 16);

    /// On functions whose scratch must leave room for something else: the most bytes one operation may take, i64.
    static final String SCRATCH_LIMIT = "kcc.scratch_limit";

    /// One operation takes at most half of a block's shared memory: what it moves goes in rounds then, and others whose
    /// scratch is needed at the same time find room.
    static FragmentTarget of(Machine machine, Operation function) {
        SharedMemory memory = machine.isa().sharedMemory();
        long bytes = function.hasAttribute(SCRATCH_LIMIT) ? function.attribute(SCRATCH_LIMIT).asLong() : memory.maxBytesPerBlock() / 2;
        return new FragmentTarget(machine.warpSize(), MachineLayouts.bankModel(memory, machine.warpSize()),
                bytes, COSTS, MachineLayouts.WIDEST_ACCESS_BYTES);
    }

    ConversionPlanner conversions() {
        return new ConversionPlanner(banks, sharedBytes, costs);
    }
}
