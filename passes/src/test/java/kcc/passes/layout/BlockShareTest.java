// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockShareTest {
    @Test
    void shareOfWhatIsSpreadIsWhatItWas() {
        Random random = new Random(5);
        for (int round = 0; round < 50; round++) {
            LinearLayout share = RandomLayouts.surjective(random, 3, 2, random.nextBoolean(), 8, 16);
            int bits = random.nextInt(4);
            int axis = random.nextInt(2);
            LinearLayout whole = BlockShare.spread(share, axis, bits);
            assertEquals((axis == 0 ? 8 : 16) << bits, whole.shape()[axis]);
            assertEquals(share, BlockShare.of(whole));
            assertEquals(share, BlockShare.of(BlockShare.copied(share, bits)));
        }
    }

    /// Block b holds elements from b times the share's size on.
    @Test
    void blocksHoldRunsOfTheTile() {
        LinearLayout share = BlockedLayout.coalesced(new int[] {64}, List.of(0), 4, 4, 2).over(64);
        LinearLayout whole = BlockShare.spread(share, 0, 2);
        for (int block = 0; block < 4; block++) {
            assertArrayEquals(new int[] {64 * block + share.coordinates(3, 2, 1, 0)[0]}, whole.coordinates(3, 2, 1, block));
        }
        assertEquals(0, whole.freeBits(LinearLayout.BLOCK));
        assertEquals(3, BlockShare.copied(share, 2).freeBits(LinearLayout.BLOCK));
    }

    @Test
    void reshapedTilesKeepTheirBlocks() {
        LinearLayout whole = BlockShare.spread(BlockedLayout.coalesced(new int[] {64}, List.of(0), 4, 4, 2).over(64), 0, 2);
        assertArrayEquals(new int[] {1, 64}, BlockShare.of(whole.reshape(1, 256)).shape());
        assertArrayEquals(new int[] {1, 64}, BlockShare.of(whole.reshape(4, 64)).shape());
        assertArrayEquals(new int[] {1, 64}, BlockShare.of(whole.reshape(2, 128)).shape());
        assertTrue(BlockShare.isSame(whole, whole.reshape(1, 256).reshape(256)));
        assertFalse(BlockShare.isSame(whole, BlockShare.copied(BlockShare.of(whole), 2)));
    }

    /// Pieces of 16: block 1 has elements 16 to 31, 80 to 95 and so on.
    @Test
    void blocksTakeTurns() {
        LinearLayout share = BlockedLayout.coalesced(new int[] {64}, List.of(0), 4, 4, 1).over(64);
        LinearLayout whole = BlockShare.spread(share, 0, 2, 4);
        assertEquals(share, BlockShare.of(whole));
        assertTrue(whole.isBijective());
        for (int register = 0; register < share.registers(); register++) {
            for (int block = 0; block < 4; block++) {
                int inShare = share.coordinates(register, 1, 0, 0)[0];
                int expected = inShare % 16 + 16 * block + inShare / 16 * 64;
                assertArrayEquals(new int[] {expected}, whole.coordinates(register, 1, 0, block));
            }
        }
        assertArrayEquals(new int[] {1, 64}, BlockShare.of(whole.reshape(1, 256)).shape());
        assertEquals(BlockShare.spread(share, 0, 2), BlockShare.spread(share, 0, 2, 6));
    }

    @Test
    void blocksThatHoldTheSameInAnotherOrderHaveNoShare() {
        LinearLayout mixed = LinearLayout.ofTile(16).walk("register", 0, 1, 2).basis("block", 5).basis("lane", 8).build();
        assertThrows(IllegalArgumentException.class, () -> BlockShare.of(mixed));
    }
}
