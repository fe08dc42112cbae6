// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

/// Layouts of two tiles joined along a new last axis of size 2: a register bit says which of the two.
///
/// ```text
///   half     register = [[1]],               lane = [[2], [4]]
///   joined   register = [[1, 0], [0, 1]],    lane = [[2, 0], [4, 0]]
/// ```
/// So joining and splitting only rename registers.
public final class Halves {
    private Halves() {}

    /// The layout of two joined tiles of this layout.
    public static LinearLayout joined(LinearLayout half) {
        int[] shape = new int[half.rank() + 1];
        System.arraycopy(half.shape(), 0, shape, 0, half.rank());
        shape[half.rank()] = 2;
        return half.expand(half.rank()).resize(shape);
    }

    /// The register bit that alone chooses the half, or -1 if there is none.
    public static int registerBit(LinearLayout joined) {
        int last = joined.rank() - 1;
        int found = -1;
        for (String place : LinearLayout.PLACES) {
            for (int bit = 0; bit < joined.inputBits(place); bit++) {
                int[] basis = joined.unpack(joined.basis(place, bit));
                if (basis[last] == 0) {
                    continue;
                }
                for (int axis = 0; axis < last; axis++) {
                    if (basis[axis] != 0) {
                        return -1;
                    }
                }
                if (found >= 0 || !place.equals(LinearLayout.REGISTER)) {
                    return -1;
                }
                found = bit;
            }
        }
        return found;
    }

    /// The layout of each half of a layout that has a [#registerBit(LinearLayout)].
    public static LinearLayout half(LinearLayout joined) {
        return joined.dropBits(LinearLayout.REGISTER, 1 << registerBit(joined)).slice(joined.rank() - 1);
    }

    /// The register of a half that register `register` of the joined tile is.
    public static int registerOfHalf(int register, int bit) {
        int below = register & (1 << bit) - 1;
        return register >>> bit + 1 << bit | below;
    }
}
