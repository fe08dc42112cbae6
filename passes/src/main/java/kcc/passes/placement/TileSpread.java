// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.passes.layout.BlockShare;
import kcc.passes.layout.LinearLayout;

/// How the tiles of a function lie over the blocks of its cluster: the largest ones are cut along their longest dimension,
/// every block has all of the others.
///
/// That depends on the shape of a tile alone, so that tiles of one shape never have to move between blocks.
///
/// Blocks take turns with pieces of as many elements as all threads of one load at once, so that each has its share of the
/// columns when rows are shorter than the tile. Spans are memory without gaps: where there are any, each block has one piece.
///
/// @param blockBits logarithm of the blocks; 0 without a cluster
/// @param elements  of the largest tile
/// @param pieceBits logarithm of the elements of a piece
record TileSpread(int blockBits, long elements, int pieceBits) {
    /// 16 bytes of 16-bit elements.
    private static final int ELEMENTS_OF_A_LOAD = 8;

    static TileSpread of(Operation function, int threads) {
        boolean hasSpans = !function.find("kcc.load_span").isEmpty() || !function.find("kcc.store_span").isEmpty();
        return new TileSpread(Integer.numberOfTrailingZeros(Cluster.blocks(function)), TileOps.largestTile(function),
                hasSpans ? Integer.SIZE : Integer.numberOfTrailingZeros(threads * ELEMENTS_OF_A_LOAD));
    }

    /// The shape of a block's part of a tile.
    int[] share(int[] shape) {
        int[] share = shape.clone();
        if (isCut(shape)) {
            share[longest(shape)] >>= blockBits;
        }
        return share;
    }

    /// The layout of a whole tile of this shape, given that of a block's part.
    LinearLayout over(LinearLayout share, List<Integer> shape) {
        int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
        if (blockBits == 0) {
            return share;
        }
        if (!isCut(sizes)) {
            return BlockShare.copied(share, blockBits);
        }
        int axis = longest(sizes);
        long behind = 1;
        for (int inner = axis + 1; inner < sizes.length; inner++) {
            behind *= sizes[inner];
        }
        return BlockShare.spread(share, axis, blockBits, Math.max(0, pieceBits - Long.numberOfTrailingZeros(behind)));
    }

    private boolean isCut(int[] shape) {
        long size = 1;
        for (int extent : shape) {
            size *= extent;
        }
        return blockBits > 0 && size == elements && shape[longest(shape)] >> blockBits > 0;
    }

    private static int longest(int[] shape) {
        int longest = shape.length - 1;
        for (int axis = shape.length - 2; axis >= 0; axis--) {
            longest = shape[axis] > shape[longest] ? axis : longest;
        }
        return longest;
    }
}
