// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

/// Register fragments of `wgmma.mma_async.m64nNkK` on a warp group of four warps; B is always in shared memory.
///
/// ```text
///   D (64 x N)   register 4j + 2h + c  ->  row 16 * warp + lane / 4 + 8h,  col 8j + 2 * (lane % 4) + c
///   A (64 x K)   each warp holds the A fragment of mma.sync m16n8kK for its 16 rows
/// ```
///
/// D of 16 columns, converted to 16 bits, therefore is A of k = 16 without moving anything.
/// Source: PTX ISA, "Register Fragments and Shared Memory Matrix Layouts" of wgmma.mma_async.
public final class WgmmaFragments {
    /// Warps that run one instruction together.
    public static final int WARPS = 4;
    /// Rows of one instruction.
    public static final int ROWS = 64;
    /// The most columns of one instruction.
    public static final int MOST_COLUMNS = 256;

    private WgmmaFragments() {}

    /// The accumulator; 32-bit elements.
    ///
    /// @param n columns; the instruction knows all multiples of 8 up to 256, a linear layout only powers of two
    public static LinearLayout accumulator(int n) {
        if (n < 8 || n > MOST_COLUMNS) {
            throw new IllegalArgumentException("wgmma computes 8 to 256 columns, not " + n);
        }
        return LinearLayout.ofTile(64, n)
                .basis(REGISTER, 0, 1).basis(REGISTER, 8, 0)
                .walk(REGISTER, 1, 8, Dim.log2(n, "number of columns") - 3)
                .walk(LANE, 1, 2, 2).walk(LANE, 0, 1, 3)
                .walk(WARP, 0, 16, 2).build();
    }

    /// The accumulator tile of warp groups that each own a box of whole rows, one below the other. In a box instructions
    /// follow each other along a row first.
    ///
    /// @param n columns of one instruction
    public static LinearLayout accumulator(int rows, int columns, int n, int groups) {
        return accumulator(n)
                .times(LinearLayout.identity(REGISTER, Dim.log2(columns / n, "number of instructions along a row"), "dim1"))
                .times(LinearLayout.identity(REGISTER, Dim.log2(rows / groups / ROWS, "number of instructions of a warp group"),
                        "dim0"))
                .times(LinearLayout.identity(WARP, Dim.log2(groups, "number of warp groups"), "dim0"));
    }

    /// The first operand in registers.
    ///
    /// @param bits size of an element in bits: 8, 16 or 32 (tf32)
    public static LinearLayout operandA(int bits) {
        LinearLayout warp = MmaFragments.m16n8(bits, 256 / bits).a();
        return warp.times(LinearLayout.identity(WARP, 2, "dim0"));
    }
}
