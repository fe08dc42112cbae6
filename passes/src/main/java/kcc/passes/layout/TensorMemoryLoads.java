// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

/// What `tcgen05.ld` and `tcgen05.st` move between tensor memory (128 rows of 32-bit columns) and registers.
public final class TensorMemoryLoads {
    private TensorMemoryLoads() {}

    /// Shape `.32x32b.xN` of four warps: a thread holds one row, register r is column r; warp w reaches rows 32w to
    /// 32w + 31 only.
    ///
    /// Source: PTX ISA, tcgen05 "Data Movement Shape", figure for .32x32b, and "Access restrictions" of tcgen05.ld.
    public static LinearLayout rows(int columns) {
        if (columns < 1 || columns > 128) {
            throw new IllegalArgumentException("tcgen05.ld.32x32b moves 1 to 128 columns, not " + columns);
        }
        return LinearLayout.ofTile(128, columns)
                .walk(REGISTER, 1, 1, Dim.log2(columns, "number of columns"))
                .walk(LANE, 0, 1, 5).walk(WARP, 0, 32, 2).build();
    }
}
