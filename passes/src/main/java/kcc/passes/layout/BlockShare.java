// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;

import java.util.ArrayList;
import java.util.List;

/// Tiles that the blocks of a cluster hold together: each block has a box of the tile, or all have the whole tile.
///
/// ```text
///   block = [[8192], [16384]]     block b holds elements 8192 b to 8192 (b + 1) - 1: its share is a tile of 8192
///   block = [[0], [0]]            every block holds everything: the share is the tile
/// ```
///
/// So everything inside of a block is planned on its share, as if there were no other blocks.
public final class BlockShare {
    private BlockShare() {}

    /// The layout of a tile `2^blockBits` times as long along `axis`, of which each block holds one box of this layout.
    public static LinearLayout spread(LinearLayout share, int axis, int blockBits) {
        return share.times(LinearLayout.identity(BLOCK, blockBits, share.outputs().get(axis).name()));
    }

    /// The layout of a tile that each of `2^blockBits` blocks holds.
    public static LinearLayout copied(LinearLayout share, int blockBits) {
        return share.times(LinearLayout.zeros(BLOCK, blockBits, share.outputs().getFirst().name()));
    }

    /// The layout of what one block holds, as a tile of its own.
    ///
    /// @throws IllegalArgumentException if blocks do not hold boxes
    public static LinearLayout of(LinearLayout layout) {
        int blockBits = layout.inputBits(BLOCK);
        if (blockBits == 0) {
            return layout;
        }
        long ofBlocks = 0;
        for (long basis : layout.bases(BLOCK)) {
            if (Long.bitCount(basis) > 1 || (ofBlocks & basis) != 0) {
                throw notABox(layout);
            }
            ofBlocks |= basis;
        }
        LinearLayout inBlock = layout.dropBits(BLOCK, (1 << blockBits) - 1);
        List<Dim> outputs = new ArrayList<>();
        for (int axis = 0; axis < layout.rank(); axis++) {
            Dim output = layout.outputs().get(axis);
            long taken = ofBlocks >>> LinearLayout.shift(layout.outputs(), axis) & output.size() - 1;
            int bits = output.bits() - Long.bitCount(taken);
            if (taken != output.size() - (1L << bits)) {
                throw notABox(layout);
            }
            outputs.add(new Dim(output.name(), bits));
        }
        long[] columns = inBlock.map().columns();
        for (int c = 0; c < columns.length; c++) {
            if ((columns[c] & ofBlocks) != 0) {
                throw notABox(layout);
            }
            columns[c] = compressed(columns[c], layout.outputs(), outputs);
        }
        return new LinearLayout(inBlock.inputs(), outputs, new BitMatrix(LinearLayout.bits(outputs), columns));
    }

    /// Whether each block holds the same part of the tile in both layouts.
    public static boolean isSame(LinearLayout first, LinearLayout second) {
        return java.util.Arrays.equals(first.bases(BLOCK), second.bases(BLOCK));
    }

    private static long compressed(long packed, List<Dim> from, List<Dim> to) {
        long moved = 0;
        for (int axis = 0; axis < from.size(); axis++) {
            long value = packed >>> LinearLayout.shift(from, axis) & from.get(axis).size() - 1;
            moved |= value << LinearLayout.shift(to, axis);
        }
        return moved;
    }

    private static IllegalArgumentException notABox(LinearLayout layout) {
        return new IllegalArgumentException("blocks that do not hold boxes of the tile: " + layout);
    }
}
