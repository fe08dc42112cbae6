// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.passes.layout.BankModel;
import kcc.passes.layout.ConversionPlanner;
import kcc.scheduler.machine.AccessPhases;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.SharedMemory;

/// What the fragment level asks of a machine.
///
/// @param warpSize     lanes of a warp
/// @param banks        how shared memory serves the lanes of a warp
/// @param sharedBytes  the most shared memory of a block
/// @param costs        relative costs of the ways between threads
/// @param vectorBytes  the most bytes of one access of a thread to global memory
record FragmentTarget(int warpSize, BankModel banks, long sharedBytes, ConversionPlanner.Costs costs, int vectorBytes) {
    /// Every machine so far moves up to 16 bytes a thread in one instruction (PTX ISA "ld", v4.b32; CDNA ISA
    /// "global_load_dwordx4").
    static final int VECTOR_BYTES = 16;

    /// Relative costs of a warp: a shuffle occupies the same unit as an access to shared memory for one turn and is not
    /// pipelined with the data it needs, a wait costs about as much as a round trip of all warps through shared memory.
    private static final ConversionPlanner.Costs COSTS = new ConversionPlanner.Costs(2, 1, 1, 16);

    static FragmentTarget of(Machine machine) {
        SharedMemory memory = machine.isa().sharedMemory();
        return new FragmentTarget(machine.warpSize(),
                new BankModel(memory.bankBytes(), ways(memory, AccessPhases.Direction.READ, machine.warpSize()),
                        ways(memory, AccessPhases.Direction.WRITE, machine.warpSize())),
                memory.maxBytesPerBlock(), COSTS, VECTOR_BYTES);
    }

    private static List<BankModel.Access> ways(SharedMemory memory, AccessPhases.Direction direction, int lanes) {
        List<BankModel.Access> ways = new ArrayList<>();
        for (int bytes = memory.bankBytes(); bytes <= VECTOR_BYTES; bytes *= 2) {
            ways.add(new BankModel.Access(bytes, memory.banks(),
                    generators(memory.phases(direction, bytes, lanes).phases().getFirst())));
        }
        return ways;
    }

    /// Lane numbers whose XOR combinations are the lanes of a phase.
    private static List<Integer> generators(List<Integer> phase) {
        List<Integer> generators = new ArrayList<>();
        Set<Integer> reached = new HashSet<>(Set.of(0));
        for (int lane : phase.stream().sorted().toList()) {
            if (!reached.contains(lane)) {
                generators.add(lane);
                for (int other : List.copyOf(reached)) {
                    reached.add(other ^ lane);
                }
            }
        }
        if (!reached.equals(Set.copyOf(phase))) {
            throw new IllegalArgumentException("the lanes " + phase + " of a phase are not all sums of some of them");
        }
        return generators;
    }

    ConversionPlanner conversions() {
        return new ConversionPlanner(banks, sharedBytes, costs);
    }
}
