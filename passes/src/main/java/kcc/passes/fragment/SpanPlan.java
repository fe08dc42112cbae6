// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.analysis.IntegerRange;
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
    /// @param leastColumns the least of the tile's or part's that the span has
    /// @param columns      the most of them
    /// @param elementBytes in memory
    /// @param aligned      elements that a thread can take from shared memory in one access where rows begin, a power of two
    /// @param vectorBytes  of one access
    /// @param offset       first byte of this tile's part of the scratch
    record Tile(Registers registers, Blocks blocks, int leastColumns, int columns, int elementBytes, int aligned,
            int vectorBytes, long offset) {
        boolean isCut() {
            return blocks.cutting() != 0;
        }

        int idleBlockBits() {
            return blocks.idle();
        }

        int rank() {
            return registers.layout().rank();
        }

        int rows() {
            return rank() == 1 ? 1 : registers.layout().shape()[0];
        }

        /// Columns of the tile or part, whatever the span has.
        int allColumns() {
            return registers.layout().shape()[rank() - 1];
        }

        /// Elements of one access.
        int width() {
            return vectorBytes / elementBytes;
        }

        /// Vectors up to the last element that a thread may ask for: registers hold a column for each thread, those behind
        /// the span's last too.
        int vectors() {
            return Math.ceilDiv((rows() - 1) * columns + reach(), width());
        }

        /// A span that begins in the middle of a vector touches one more.
        long bytes() {
            return (vectors() + 1L) * vectorBytes;
        }

        /// Whether no thread's column in this register is one of the span's.
        boolean isOutside(int register) {
            return (column(register) & ~threadColumns()) >= columns;
        }

        /// One behind the last column of all registers that are not outside.
        private int reach() {
            int reach = columns;
            for (int register : registers.distinct()) {
                if (!isOutside(register)) {
                    reach = Math.max(reach, (column(register) | threadColumns()) + 1);
                }
            }
            return reach;
        }

        private int column(int register) {
            LinearLayout layout = registers.layout();
            return layout.outputValue("dim" + (rank() - 1), layout.apply(layout.input(LinearLayout.REGISTER, register)));
        }

        /// The bits of the column that depend on the thread.
        private int threadColumns() {
            int bits = 0;
            for (String input : List.of(LinearLayout.LANE, LinearLayout.WARP)) {
                for (long basis : registers.layout().bases(input)) {
                    bits |= registers.layout().outputValue("dim" + (rank() - 1), basis);
                }
            }
            return bits;
        }
    }

    /// How the blocks of a cluster hold a tile: each a part of a row, or each all of it.
    record Blocks(int cutting, int idle) {}

    ScratchNeed scratch() {
        return new ScratchNeed(tiles.getLast().offset() + tiles.getLast().bytes(), tiles.getLast().vectorBytes());
    }

    /// Lays tiles one behind the other.
    static final class Builder {
        private final int vectorBytes;
        private final int threads;
        private final List<Tile> tiles = new ArrayList<>();
        private long offset;

        Builder(int vectorBytes, int threads) {
            this.vectorBytes = vectorBytes;
            this.threads = threads;
        }

        /// @param layout  of the tile over all blocks
        /// @param columns what is known of the length of the span's rows
        /// @throws IllegalArgumentException if blocks cut several rows, or the ends of the span have more elements than there
        ///     are threads
        void add(LinearLayout layout, IntegerRange columns, long alignment, int elementBytes) {
            LinearLayout share = BlockShare.of(layout);
            int idle = layout.freeBits(LinearLayout.BLOCK);
            int cutting = layout.inputSize(LinearLayout.BLOCK) - 1 & ~idle;
            int all = share.shape()[share.rank() - 1];
            boolean isOneRow = 1 << share.outputBits() == all;
            if (cutting != 0 && (idle != 0 || !isOneRow)) {
                throw new IllegalArgumentException("a span of several rows over several blocks");
            }
            int most = Math.clamp(columns.max(), 1, all);
            // A block's part may lie behind the end of the row.
            int least = cutting != 0 ? 0 : Math.clamp(columns.min(), 0, most);
            // Rows behind the first begin one element after a vector, say; the parts of one row begin alike.
            int aligned = isOneRow ? Math.clamp(Math.min(alignment / elementBytes, all), 1, vectorBytes / elementBytes) : 1;
            Tile tile = new Tile(Registers.of(share), new Blocks(cutting, idle), least, most, elementBytes, aligned, vectorBytes,
                    offset);
            if (threads < 2 * tile.width()) {
                throw new IllegalArgumentException("a span moved by " + threads + " threads, fewer than the " + 2 * tile.width()
                        + " elements at its ends");
            }
            tiles.add(tile);
            offset += tile.bytes();
        }

        SpanPlan build() {
            return new SpanPlan(tiles);
        }
    }
}
