// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.layout.BlockShare;
import kcc.passes.layout.LinearLayout;

/// The tiles that one operation moves between spans of global memory and threads, and where each lies in its scratch.
record SpanPlan(List<Tile> tiles) {
    SpanPlan {
        tiles = List.copyOf(tiles);
    }

    /// One tile on its way through shared memory.
    ///
    /// ```text
    ///   global    ...|. . h h h|v v v v v v v v|v v v v v v v v|t t t . .|...     | multiples of the vector's bytes
    ///   shared       |. . h h h|v v v v v v v v|v v v v v v v v|t t t 0 0|        the same distance from a multiple
    /// ```
    ///
    /// The elements of the span keep their distance from a multiple of the vector's bytes, so that whole vectors move as
    /// they are. Elements before the first and behind the last whole vector go one by one. When loaded, zeros follow.
    ///
    /// @param registers    where threads hold the tile, or their block's part of it
    /// @param blocks       which bits of the number of the block in its cluster cut the row, and which only make copies
    /// @param elements     of the whole tile or part: the longest span
    /// @param elementBytes in memory
    /// @param vectorBytes  of one access
    /// @param offset       first byte of this tile's part of the scratch
    record Tile(Registers registers, Blocks blocks, int rank, int elements, int elementBytes, int vectorBytes, long offset) {
        boolean isCut() {
            return blocks.cutting() != 0;
        }

        int idleBlockBits() {
            return blocks.idle();
        }

        /// Elements of one access.
        int width() {
            return vectorBytes / elementBytes;
        }

        /// The most whole vectors of a span.
        int vectors() {
            return elements / width();
        }

        /// A span that begins in the middle of a vector touches one more.
        long bytes() {
            return (long) elements * elementBytes + vectorBytes;
        }
    }

    /// How the blocks of a cluster hold a tile: each a part of a row, or each all of it.
    record Blocks(int cutting, int idle) {}

    /// @param layouts of the tiles over all blocks
    /// @throws IllegalArgumentException if a tile is smaller than an access, its blocks cut several rows, or its ends have more elements than there are threads
    static SpanPlan of(List<LinearLayout> layouts, List<Integer> elementBytes, int vectorBytes, int threads) {
        List<Tile> tiles = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < layouts.size(); i++) {
            LinearLayout share = BlockShare.of(layouts.get(i));
            int idle = layouts.get(i).freeBits(LinearLayout.BLOCK);
            int cutting = layouts.get(i).inputSize(LinearLayout.BLOCK) - 1 & ~idle;
            int elements = 1 << share.outputBits();
            if (cutting != 0 && (idle != 0 || elements != share.shape()[share.rank() - 1])) {
                throw new IllegalArgumentException("a span of several rows over several blocks");
            }
            Tile tile = new Tile(Registers.of(share), new Blocks(cutting, idle), share.rank(), elements, elementBytes.get(i), vectorBytes, offset);
            if (tile.vectors() == 0) {
                throw new IllegalArgumentException("a span of " + elements + " elements, less than an access of " + vectorBytes
                        + " bytes");
            }
            if (threads < 2 * tile.width()) {
                throw new IllegalArgumentException("a span moved by " + threads + " threads, fewer than the " + 2 * tile.width()
                        + " elements at its ends");
            }
            tiles.add(tile);
            offset += tile.bytes();
        }
        return new SpanPlan(tiles);
    }

    ScratchNeed scratch() {
        return new ScratchNeed(tiles.getLast().offset() + tiles.getLast().bytes(), tiles.getLast().vectorBytes());
    }
}
