// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import kcc.scheduler.machine.AccessPhases;
import kcc.scheduler.machine.AccessPhases.Direction;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import kcc.scheduler.machine.SharedMemory;

/// What layouts need to know of a machine, from the facts of its instruction set.
public final class MachineLayouts {
    /// Bytes of a lane's largest access to shared or global memory on all machines there are (PTX ISA "ld", v4.b32; CDNA ISA
    /// "global_load_dwordx4", "ds_read_b128").
    public static final int WIDEST_ACCESS_BYTES = 16;

    private MachineLayouts() {}

    /// How shared memory serves a warp of `lanes` lanes.
    public static BankModel bankModel(SharedMemory memory, int lanes) {
        return new BankModel(memory.bankBytes(), accesses(memory, Direction.READ, lanes), accesses(memory, Direction.WRITE, lanes));
    }

    private static List<BankModel.Access> accesses(SharedMemory memory, Direction direction, int lanes) {
        List<BankModel.Access> accesses = new ArrayList<>();
        for (int bytes = memory.bankBytes(); bytes <= WIDEST_ACCESS_BYTES; bytes *= 2) {
            accesses.add(new BankModel.Access(bytes, memory.banks(), generators(memory.phases(direction, bytes, lanes))));
        }
        return accesses;
    }

    /// Lanes whose XOR combinations are the phase of lane 0, and with another lane added the phase of that lane.
    private static List<Integer> generators(AccessPhases phases) {
        Span span = new Span();
        List<Integer> generators = new ArrayList<>();
        for (List<Integer> phase : phases.phases()) {
            if (phase.contains(0)) {
                for (int lane : phase.stream().sorted().toList()) {
                    if (span.add(lane)) {
                        generators.add(lane);
                    }
                }
            }
        }
        for (List<Integer> phase : phases.phases()) {
            boolean isTranslation = phase.size() == 1 << generators.size();
            for (int lane : new HashSet<>(phase)) {
                isTranslation &= span.contains(lane ^ phase.getFirst());
            }
            if (!isTranslation) {
                throw new IllegalArgumentException("the phases " + phases.phases() + " of an access of " + phases.accessBytes()
                        + " bytes are no translations of each other");
            }
        }
        return generators;
    }

    /// The register fragments of a matrix instruction, or null when its operands are not all in the registers of one warp or
    /// its layouts are not known.
    public static MatrixFragments fragments(MatrixInstruction instruction) {
        boolean isSquare = instruction.m() == instruction.n() && instruction.m() >= 16;
        return switch (instruction.kind()) {
            case MMA -> instruction.m() == 16 && instruction.n() == 8 && instruction.a().bits() <= 32
                    ? MmaFragments.m16n8(instruction.a().bits(), instruction.k())
                    : null;
            case MFMA -> !isSquare ? null
                    : instruction.a() != NumericType.F64 ? MfmaFragments.square(instruction.m(), instruction.k())
                    : instruction.k() == 4 ? MfmaFragments.doubles() : null;
            case WGMMA, TCGEN05 -> null;
        };
    }
}
