// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockedLayoutTest {
    @Test
    void coordinatesAreDigits() {
        BlockedLayout blocked = new BlockedLayout(List.of(2, 4), List.of(4, 8), List.of(2, 1), List.of(1, 0));
        LinearLayout layout = blocked.over(32, 64);
        assertEquals(64, blocked.threads());
        assertEquals(32 * 64 / 64, layout.registers());
        assertTrue(layout.isBijective());
        for (int warp = 0; warp < 2; warp++) {
            for (int lane = 0; lane < 32; lane++) {
                for (int register = 0; register < layout.registers(); register++) {
                    int row = register / 4 % 2 + 2 * (lane / 8) + 8 * warp + 16 * (register / 16);
                    int column = register % 4 + 4 * (lane % 8) + 32 * (register / 8 % 2);
                    assertArrayEquals(new int[] {row, column}, layout.coordinates(register, lane, warp, 0));
                }
            }
        }
    }

    @Test
    void piecesOfWarpsHaveNoGaps() {
        BlockedLayout blocked = BlockedLayout.coalesced(new int[] {2, 4096}, BlockedLayout.rowMajor(2), 8, 32, 4);
        LinearLayout layout = blocked.overInPieces(new int[] {2, 4096}, 1);
        assertTrue(layout.isBijective());
        for (int warp = 0; warp < 4; warp++) {
            for (int lane = 0; lane < 32; lane++) {
                for (int register = 0; register < layout.registers(); register++) {
                    int column = register % 8 + 8 * lane + 256 * (register / 8 % 4) + 1024 * warp;
                    assertArrayEquals(new int[] {register / 32, column}, layout.coordinates(register, lane, warp, 0));
                }
            }
        }
        // Nothing to repeat: the same layout.
        assertEquals(BlockedLayout.coalesced(new int[] {64}, List.of(0), 4, 32, 4).over(64),
                BlockedLayout.coalesced(new int[] {64}, List.of(0), 4, 32, 4).overInPieces(new int[] {64}, 0));
    }

    @Test
    void smallTilesLeaveCopies() {
        LinearLayout layout = new BlockedLayout(List.of(4), List.of(32), List.of(4), List.of(0)).over(64);
        assertEquals(4, layout.registers());
        assertEquals(0b10000, layout.freeBits(LinearLayout.LANE));
        assertEquals(0b11, layout.freeBits(LinearLayout.WARP));
        assertTrue(layout.isSurjective());
        assertEquals(2, new BlockedLayout(List.of(4), List.of(32), List.of(4), List.of(0)).over(2).registers());
    }

    @Test
    void coalescedFillsTheFastestDimensionFirst() {
        assertEquals(new BlockedLayout(List.of(1, 8), List.of(4, 8), List.of(4, 1), List.of(1, 0)),
                BlockedLayout.coalesced(new int[] {64, 64}, BlockedLayout.rowMajor(2), 8, 32, 4));
        assertEquals(new BlockedLayout(List.of(4), List.of(32), List.of(8), List.of(0)),
                BlockedLayout.coalesced(new int[] {1024}, BlockedLayout.rowMajor(1), 4, 32, 8));
        LinearLayout row = BlockedLayout.coalesced(new int[] {1, 2048}, BlockedLayout.rowMajor(2), 4, 64, 2).over(1, 2048);
        assertTrue(row.isBijective());
        assertEquals(16, row.registers());
        LinearLayout tiny = BlockedLayout.coalesced(new int[] {2, 2}, BlockedLayout.rowMajor(2), 4, 32, 4).over(2, 2);
        assertTrue(tiny.isSurjective());
        assertEquals(2, tiny.registers());
        assertEquals(5, tiny.inputBits(LinearLayout.LANE));
        assertEquals(2, tiny.inputBits(LinearLayout.WARP));
        assertEquals(1, BlockedLayout.coalesced(new int[] {}, List.of(), 4, 32, 1).over().registers());
    }

    @Test
    void wrongSizesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BlockedLayout(List.of(3), List.of(32), List.of(1), List.of(0)));
        assertThrows(IllegalArgumentException.class, () -> new BlockedLayout(List.of(1, 1), List.of(32, 1), List.of(1, 1), List.of(0, 0)));
        assertThrows(IllegalArgumentException.class, () -> new BlockedLayout(List.of(1), List.of(32), List.of(1), List.of(0)).over(4, 4));
    }
}
