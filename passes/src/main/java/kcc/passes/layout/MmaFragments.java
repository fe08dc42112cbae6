// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;

/// Fragments of `mma.sync.aligned.m16n8kK` on a warp of 32 lanes.
///
/// One 32-bit register holds `32 / bits` neighbours along k. With group = lane / 4 and t = lane % 4:
///
/// ```text
///   A (16 x k)   row = group, + 8 in every second register      col = t * p + i, + 4p in the upper two registers
///   B (k x 8)    row = t * p + i, + 4p in the second register   col = group
///   D (16 x 8)   row = group, + 8 for the upper two             col = 2t, 2t + 1
/// ```
///
/// Source: PTX ISA 9.7.14.5, "Matrix Fragments for mma.m16n8k4 / k8 / k16 / k32": .tf32 k4 and k8, .f16 and .bf16 k8 and
/// k16, 8-bit types k16 and k32 share this scheme.
public final class MmaFragments {
    private MmaFragments() {}

    /// @param bits size of an element of A and B in bits: 8, 16 or 32 (tf32)
    /// @param k depth of the instruction: 4 or 8 registers' worth of elements
    public static MatrixFragments m16n8(int bits, int k) {
        int pack = 32 / bits;
        if (bits != 8 && bits != 16 && bits != 32 || k != 4 * pack && k != 8 * pack) {
            throw new IllegalArgumentException("there is no mma.sync m16n8k" + k + " for elements of " + bits + " bits");
        }
        int packBits = Dim.log2(pack, "elements of a register");
        int halves = k == 8 * pack ? 1 : 0;
        LinearLayout a = LinearLayout.ofTile(16, k)
                .walk(REGISTER, 1, 1, packBits).basis(REGISTER, 8, 0).walk(REGISTER, 1, 4 * pack, halves)
                .walk(LANE, 1, pack, 2).walk(LANE, 0, 1, 3).build();
        LinearLayout b = LinearLayout.ofTile(k, 8)
                .walk(REGISTER, 0, 1, packBits).walk(REGISTER, 0, 4 * pack, halves)
                .walk(LANE, 0, pack, 2).walk(LANE, 1, 1, 3).build();
        LinearLayout d = LinearLayout.ofTile(16, 8)
                .basis(REGISTER, 0, 1).basis(REGISTER, 8, 0)
                .walk(LANE, 1, 2, 2).walk(LANE, 0, 1, 3).build();
        return new MatrixFragments(a, b, d);
    }
}
