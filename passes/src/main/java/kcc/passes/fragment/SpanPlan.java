// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;

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
    /// @param registers    where threads hold the tile
    /// @param elements     of the whole tile: the longest span
    /// @param elementBytes in memory
    /// @param vectorBytes  of one access
    /// @param offset       first byte of this tile's part of the scratch
    record Tile(Registers registers, int rank, int elements, int elementBytes, int vectorBytes, long offset) {
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

    /// @throws IllegalArgumentException if a tile is smaller than an access, or its ends have more elements than there are threads
    static SpanPlan of(List<Registers> registers, List<int[]> shapes, List<Integer> elementBytes, int vectorBytes, int threads) {
        List<Tile> tiles = new ArrayList<>();
        long offset = 0;
        for (int i = 0; i < shapes.size(); i++) {
            int elements = 1;
            for (int size : shapes.get(i)) {
                elements *= size;
            }
            Tile tile = new Tile(registers.get(i), shapes.get(i).length, elements, elementBytes.get(i), vectorBytes, offset);
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
