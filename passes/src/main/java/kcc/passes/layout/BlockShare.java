// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;

import java.util.ArrayList;
import java.util.List;

/// Tiles that the blocks of a cluster hold together: each block has the same pieces of the tile as the others, further on, or
/// all have the whole tile.
///
/// ```text
///   block = [[8192], [16384]]     block b holds elements 8192 b to 8192 (b + 1) - 1: its share is a tile of 8192
///   block = [[2048], [4096]]      blocks take turns with pieces of 2048; of a tile of 32768, the share is a tile of 8192
///   block = [[0], [0]]            every block holds everything: the share is the tile
/// ```
///
/// So everything inside of a block is planned on its share, as if there were no other blocks.
public final class BlockShare {
    private BlockShare() {}

    /// The layout of a tile `2^blockBits` times as long along `axis`, of which blocks take turns with pieces of `2^pieceBits`
    /// elements along the axis, each laid out as in this share.
    public static LinearLayout spread(LinearLayout share, int axis, int blockBits, int pieceBits) {
        Dim cut = share.outputs().get(axis);
        LinearLayout boxes = share.times(LinearLayout.identity(BLOCK, blockBits, cut.name()));
        int kept = Math.min(pieceBits, cut.bits());
        long low = (1L << LinearLayout.shift(boxes.outputs(), axis) + kept) - 1;
        long middle = ((1L << cut.bits() - kept) - 1) * (low + 1);
        long blocks = ((1L << blockBits) - 1) * (low + 1) << cut.bits() - kept;
        long[] columns = boxes.map().columns();
        for (int c = 0; c < columns.length; c++) {
            long column = columns[c];
            columns[c] = column & ~(middle | blocks) | (column & middle) << blockBits | (column & blocks) >>> cut.bits() - kept;
        }
        return new LinearLayout(boxes.inputs(), boxes.outputs(), new BitMatrix(boxes.outputBits(), columns));
    }

    /// The same in pieces as long as the share, so that each block has one box.
    public static LinearLayout spread(LinearLayout share, int axis, int blockBits) {
        return spread(share, axis, blockBits, share.outputs().get(axis).bits());
    }

    /// The layout of a tile that each of `2^blockBits` blocks holds.
    public static LinearLayout copied(LinearLayout share, int blockBits) {
        return share.times(LinearLayout.zeros(BLOCK, blockBits, share.outputs().getFirst().name()));
    }

    /// The layout of what one block holds, as a tile of its own.
    ///
    /// @throws IllegalArgumentException if blocks do not hold the same pieces
    public static LinearLayout of(LinearLayout layout) {
        int blockBits = layout.inputBits(BLOCK);
        if (blockBits == 0) {
            return layout;
        }
        long ofBlocks = 0;
        for (long basis : layout.bases(BLOCK)) {
            if (Long.bitCount(basis) > 1 || (ofBlocks & basis) != 0) {
                throw notTheSame(layout);
            }
            ofBlocks |= basis;
        }
        LinearLayout inBlock = layout.dropBits(BLOCK, (1 << blockBits) - 1);
        List<Dim> outputs = new ArrayList<>();
        for (int axis = 0; axis < layout.rank(); axis++) {
            Dim output = layout.outputs().get(axis);
            long taken = ofBlocks >>> LinearLayout.shift(layout.outputs(), axis) & output.size() - 1;
            outputs.add(new Dim(output.name(), output.bits() - Long.bitCount(taken)));
        }
        long[] columns = inBlock.map().columns();
        for (int c = 0; c < columns.length; c++) {
            if ((columns[c] & ofBlocks) != 0) {
                throw notTheSame(layout);
            }
            columns[c] = compressed(columns[c], ofBlocks);
        }
        return new LinearLayout(inBlock.inputs(), outputs, new BitMatrix(LinearLayout.bits(outputs), columns));
    }

    /// Whether each block holds the same part of the tile in both layouts.
    public static boolean isSame(LinearLayout first, LinearLayout second) {
        return java.util.Arrays.equals(first.bases(BLOCK), second.bases(BLOCK));
    }

    /// Without the bits of a mask.
    private static long compressed(long value, long mask) {
        return Long.compress(value, ~mask);
    }

    private static IllegalArgumentException notTheSame(LinearLayout layout) {
        return new IllegalArgumentException("blocks that do not hold the same pieces of the tile: " + layout);
    }
}
