// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.function.Predicate;
import kcc.mlir.ir.Operation;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.MachineLayouts;
import kcc.passes.layout.MatrixFragments;
import kcc.passes.layout.WgmmaFragments;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;

/// Chooses the matrix instruction of a product and how its tile is cut over warps.
///
/// Of the instructions of one warp with the product's types that fit into the tile, the one with the
/// most multiplications wins. Warps are set side by side so that the boxes they own are as square as
/// possible: a box of m x n reads (m + n) * k elements for m * n * k multiplications.
///
/// Products of f32 that may be rounded to tf32 are exact where no instruction rounds them.
///
/// A product that no matrix instruction computes (f64 or exact f32 on some chips, tiles smaller than
/// an instruction) is done with multiply-adds, each thread holding the rows and columns it needs.
final class MatrixPlacement {

    /// Name of the product by scalar multiply-adds in `kcc.instruction`.
    static final String MULTIPLY_ADD = "fma";

    private final Machine machine;
    private final int warps;
    private final AccessLayouts layouts;

    MatrixPlacement(Machine machine, int warps, AccessLayouts layouts) {
        this.machine = machine;
        this.warps = warps;
        this.layouts = layouts;
    }

    Placement.Product plan(Operation product) {
        if (product.is("kcc.async_matmul")) {
            return byWarpGroups(product);
        }
        int[] a = TileOps.shape(product.operand(0));
        int[] accumulator = TileOps.shape(product.operand(2));
        MatrixInstruction best = largest(candidate -> MatrixTypes.computes(candidate, product), accumulator, a[1]);
        if (best == null) {
            best = largest(candidate -> MatrixTypes.computesExactly(candidate, product), accumulator, a[1]);
        }
        return best == null ? byMultiplyAdds(accumulator, a[1]) : byInstruction(best, accumulator, a[1]);
    }

    /// The instruction of one warp with the most multiplications that fits into a tile, or null.
    private MatrixInstruction largest(Predicate<MatrixInstruction> computes, int[] accumulator, int depth) {
        MatrixInstruction best = null;
        for (MatrixInstruction candidate : machine.isa().matrixInstructions()) {
            if (MachineLayouts.fragments(candidate) != null
                && computes.test(candidate)
                && candidate.m() <= accumulator[0]
                && candidate.n() <= accumulator[1]
                && candidate.k() <= depth
                && (best == null || volume(candidate) > volume(best))) {
                best = candidate;
            }
        }
        return best;
    }

    private Placement.Product byInstruction(MatrixInstruction instruction, int[] shape, int depth) {
        MatrixFragments fragments = MachineLayouts.fragments(instruction);
        int warpsM = warpsAlongM(shape, instruction.m(), instruction.n());
        int warpsN = warps / warpsM;
        return new Placement.Product(
            instruction.name(),
            fragments.operandA(shape[0], depth, warpsM, warpsN),
            fragments.operandB(depth, shape[1], warpsM, warpsN),
            fragments.accumulator(shape[0], shape[1], warpsM, warpsN));
    }

    /// Factors lie in buffers, which have no layout; warp groups are set side by side along the rows.
    private Placement.Product byWarpGroups(Operation product) {
        MatrixInstruction instruction = MatrixTypes.ofWarpGroup(product, machine);
        if (instruction == null || warps % WgmmaFragments.WARPS != 0) {
            throw new IllegalStateException("no matrix instruction of " + warps + " warps for " + product);
        }
        int[] accumulator = TileOps.shape(product.operand(2));
        return new Placement.Product(instruction.name(), null, null,
            WgmmaFragments.accumulator(accumulator[0], accumulator[1], instruction.n(), warps / WgmmaFragments.WARPS));
    }

    /// A tile whose rows are held by warp groups as those of an accumulator are.
    LinearLayout ofWarpGroups(int[] shape) {
        return WgmmaFragments.accumulator(shape[0], shape[1], Math.min(shape[1], WgmmaFragments.MOST_COLUMNS),
            warps / WgmmaFragments.WARPS);
    }

    private int warpsAlongM(int[] shape, int m, int n) {
        int best = 1;
        int leastEdge = Integer.MAX_VALUE;
        for (int along = 1; along <= warps; along *= 2) {
            int rows = Math.max(m, shape[0] / along);
            int columns = Math.max(n, shape[1] / (warps / along));
            if (rows + columns < leastEdge) {
                leastEdge = rows + columns;
                best = along;
            }
        }
        return best;
    }

    private Placement.Product byMultiplyAdds(int[] shape, int depth) {
        LinearLayout accumulator = layouts.standard(shape);
        return new Placement.Product(
            MULTIPLY_ADD,
            accumulator.squash(1).dropFreeBits(LinearLayout.REGISTER).resize(shape[0], depth),
            accumulator.squash(0).dropFreeBits(LinearLayout.REGISTER).resize(depth, shape[1]),
            accumulator);
    }

    private static long volume(MatrixInstruction instruction) {
        return (long) instruction.m() * instruction.n() * instruction.k();
    }
}
