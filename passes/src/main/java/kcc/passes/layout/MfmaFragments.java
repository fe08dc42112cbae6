// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;

/// Fragments of `v_mfma_*_16x16xK` and `v_mfma_*_32x32xK` with one block on a wave of 64 lanes.
///
/// With T = 16 or 32 and e = K * T / 64 elements of A and of B for each lane:
///
/// ```text
///   A (T x K)   row = lane % T                  col = e * (lane / T) + register
///   B (K x T)   row = e * (lane / T) + register col = lane % T
///   D (16 x 16) row = 4 * (lane / 16) + register                                  col = lane % 16
///   D (32 x 32) row = 8 * (register / 4) + 4 * (lane / 32) + register % 4         col = lane % 32
/// ```
///
/// Source: AMD Instinct MI300 ISA reference, chapter "Matrix Arithmetic Instructions" (layouts of dense matrices), and the
/// AMD matrix instruction calculator; CDNA 4 keeps the scheme with twice the depth.
public final class MfmaFragments {
    private MfmaFragments() {}

    /// @param size 16 or 32 rows and columns
    /// @param k depth of the instruction, a power of two of at least 64 / size
    public static MatrixFragments square(int size, int k) {
        if (size != 16 && size != 32) {
            throw new IllegalArgumentException("MFMA computes 16x16 or 32x32, not " + size + "x" + size);
        }
        int rowBits = Dim.log2(size, "rows");
        int groupBits = 6 - rowBits;
        int elementBits = Dim.log2(k, "depth of the instruction") - groupBits;
        if (elementBits < 0) {
            throw new IllegalArgumentException("MFMA " + size + "x" + size + " has a depth of at least " + (1 << groupBits)
                    + ", not " + k);
        }
        int elements = 1 << elementBits;
        LinearLayout a = LinearLayout.ofTile(size, k)
                .walk(REGISTER, 1, 1, elementBits)
                .walk(LANE, 0, 1, rowBits).walk(LANE, 1, elements, groupBits).build();
        LinearLayout d = LinearLayout.ofTile(size, size)
                .walk(REGISTER, 0, 1, 2).walk(REGISTER, 0, 4 << groupBits, rowBits - 2 - groupBits)
                .walk(LANE, 1, 1, rowBits).walk(LANE, 0, 4, groupBits).build();
        return new MatrixFragments(a, a.transpose(1, 0), d);
    }

    /// `v_mfma_f64_16x16x4`, whose D interleaves rows: row = 4 * register + lane / 16, col = lane % 16.
    public static MatrixFragments doubles() {
        MatrixFragments square = square(16, 4);
        LinearLayout d = LinearLayout.ofTile(16, 16)
                .walk(REGISTER, 0, 4, 2).walk(LANE, 1, 1, 4).walk(LANE, 0, 1, 2).build();
        return new MatrixFragments(square.a(), square.b(), d);
    }
}
