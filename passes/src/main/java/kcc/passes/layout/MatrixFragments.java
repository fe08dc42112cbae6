// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

/// Where a matrix instruction D = A x B + C wants its operands, for one instruction of one warp (or warp group), and the
/// layouts of whole tiles made of such instructions.
///
/// A covers m x k, B covers k x n, D (and C) covers m x n. The registers of one instruction are the low register bits of a
/// tile layout: register `i * size + r` of a tile is register r of the i-th instruction.
public record MatrixFragments(LinearLayout a, LinearLayout b, LinearLayout d) {
    public MatrixFragments {
        if (a.rank() != 2 || b.rank() != 2 || d.rank() != 2) {
            throw new IllegalArgumentException("fragments of a matrix instruction have rank 2");
        }
        if (a.shape()[0] != d.shape()[0] || a.shape()[1] != b.shape()[0] || b.shape()[1] != d.shape()[1]) {
            throw new IllegalArgumentException("fragments A " + a + ", B " + b + " and D " + d + " do not fit together");
        }
        if (!a.isSurjective() || !b.isSurjective() || !d.isSurjective()) {
            throw new IllegalArgumentException("a fragment does not hold its whole matrix");
        }
        if (a.inputBits(LinearLayout.LANE) != d.inputBits(LinearLayout.LANE)
                || b.inputBits(LinearLayout.LANE) != d.inputBits(LinearLayout.LANE)) {
            throw new IllegalArgumentException("fragments of one instruction are spread over different numbers of lanes");
        }
    }

    public int m() {
        return d.shape()[0];
    }

    public int n() {
        return d.shape()[1];
    }

    public int k() {
        return a.shape()[1];
    }

    /// The instruction that computes the transposed product: where it takes A the transposed B is given, and D comes out
    /// transposed. A lane of MFMA then owns neighbours of a row of D instead of a column, and stores vectors.
    public MatrixFragments swapped() {
        return new MatrixFragments(b.transpose(1, 0), a.transpose(1, 0), d.transpose(1, 0));
    }

    /// The accumulator tile of `warpsM x warpsN` warps, each owning one contiguous box; warp = m + n * warpsM.
    public LinearLayout accumulator(int rows, int columns, int warpsM, int warpsN) {
        return tile(d, rows, columns, warpsM, warpsN, false);
    }

    /// The tile of the first operand: warps side by side along n hold copies.
    public LinearLayout operandA(int rows, int depth, int warpsM, int warpsN) {
        return tile(a, rows, depth, warpsM, 1, false).times(LinearLayout.zeros(LinearLayout.WARP, log2(warpsN), "dim0"));
    }

    /// The tile of the second operand: warps side by side along m hold copies.
    public LinearLayout operandB(int depth, int columns, int warpsM, int warpsN) {
        return tile(b, depth, columns, warpsM, warpsN, true);
    }

    /// Repeats the instruction in registers until the box of a warp is full, the last dimension first, then sets the
    /// boxes of the warps side by side. Where the tile is too small for all warps the rest holds copies.
    private static LinearLayout tile(LinearLayout one, int rows, int columns, int warpsM, int warpsN, boolean copiesAlongM) {
        int instructionRows = one.shape()[0];
        int instructionColumns = one.shape()[1];
        if (rows < instructionRows || columns < instructionColumns) {
            throw new IllegalArgumentException("a tile of " + rows + "x" + columns + " is smaller than the instruction's "
                    + instructionRows + "x" + instructionColumns);
        }
        int usedM = copiesAlongM ? 1 : Math.min(warpsM, rows / instructionRows);
        int usedN = Math.min(warpsN, columns / instructionColumns);
        return one
                .times(LinearLayout.identity(LinearLayout.REGISTER, log2(columns / usedN / instructionColumns), "dim1"))
                .times(LinearLayout.identity(LinearLayout.REGISTER, log2(rows / usedM / instructionRows), "dim0"))
                .times(LinearLayout.identity(LinearLayout.WARP, log2(usedM), "dim0"))
                .times(LinearLayout.zeros(LinearLayout.WARP, log2(warpsM / usedM), "dim0"))
                .times(LinearLayout.identity(LinearLayout.WARP, log2(usedN), "dim1"))
                .times(LinearLayout.zeros(LinearLayout.WARP, log2(warpsN / usedN), "dim1"));
    }

    private static int log2(int value) {
        return Dim.log2(value, "number of instructions or warps along a dimension");
    }
}
