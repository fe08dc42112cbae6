// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import kcc.passes.layout.MatrixFragments;
import kcc.passes.layout.MfmaFragments;
import kcc.passes.layout.MmaFragments;
import kcc.scheduler.machine.MatrixInstruction;

/// The register layouts behind the matrix instructions of one warp.
public final class InstructionFragments {

    private InstructionFragments() {}

    /// The fragments of an instruction, or null when its operands are not all in one warp's registers
    /// or its shape is none whose layout is known.
    public static MatrixFragments of(MatrixInstruction instruction) {
        return switch (instruction.kind()) {
            case MMA ->
                instruction.m() == 16 && instruction.n() == 8 && instruction.a().bits() <= 32
                    ? MmaFragments.m16n8(instruction.a().bits(), instruction.k())
                    : null;
            case MFMA ->
                instruction.m() == instruction.n() && instruction.m() >= 16
                    ? MfmaFragments.square(instruction.m(), instruction.k())
                    : null;
            case WGMMA, TCGEN05 -> null;
        };
    }
}
