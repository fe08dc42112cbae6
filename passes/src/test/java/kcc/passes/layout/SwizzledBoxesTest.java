// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SwizzledBoxesTest {
    private static final int LANES = 32;
    private static final int BANK_BYTES = 4;

    /// Writes every element as told and looks where the copy engine finds it (PTX ISA, 128B swizzling mode).
    private static void assertPutsInPlace(LinearLayout layout, int bytes) {
        SwizzledBoxes boxes = SwizzledBoxes.of(layout, bytes);
        int columns = SwizzledBoxes.columns(bytes);
        Map<List<Integer>, Set<Integer>> written = new HashMap<>();
        for (int warp = 0; warp < layout.inputSize(LinearLayout.WARP); warp++) {
            int groupRows = xor(boxes.groupRows(), warp);
            for (int lane = 0; lane < LANES; lane++) {
                int ofThread = xor(boxes.lane(), lane) ^ xor(boxes.warp(), warp);
                for (SwizzledBoxes.Box box : boxes.boxes()) {
                    for (SwizzledBoxes.Store store : box.stores()) {
                        int offset = ofThread ^ store.offset();
                        assertEquals(0, offset % (store.registers().size() * bytes), "aligned");
                        for (int i = 0; i < store.registers().size(); i++) {
                            int[] place = layout.coordinates(store.registers().get(i), lane, warp, 0);
                            int row = place[0] - box.row() - groupRows;
                            int column = place[1] - box.column();
                            int inLine = column * bytes;
                            int expected = row * 128 + (inLine / 16 ^ row % 8) * 16 + inLine % 16;
                            assertEquals(expected, offset + i * bytes, "element " + place[0] + ", " + place[1]);
                            assertTrue(written.computeIfAbsent(List.of(box.row() + groupRows, box.column()), _ -> new HashSet<>())
                                    .add(expected), "written once");
                        }
                    }
                }
            }
        }
        assertEquals(layout.shape()[0] / 64 * (layout.shape()[1] / columns), written.size());
        written.values().forEach(box -> assertEquals(64 * columns, box.size()));
    }

    private static int xor(List<Integer> contributions, int number) {
        int sum = 0;
        for (int bit = 0; bit < contributions.size(); bit++) {
            sum ^= (number >>> bit & 1) * contributions.get(bit);
        }
        return sum;
    }

    @Test
    void accumulators() {
        for (int bytes : List.of(1, 2, 4)) {
            assertPutsInPlace(WgmmaFragments.accumulator(64, 128, 128, 1), bytes);
            assertPutsInPlace(WgmmaFragments.accumulator(128, 256, 256, 2), bytes);
            assertPutsInPlace(WgmmaFragments.accumulator(256, 128, 64, 2), bytes);
        }
    }

    @Test
    void boxesAreWrittenRowByRow() {
        SwizzledBoxes boxes = SwizzledBoxes.of(WgmmaFragments.accumulator(256, 128, 128, 2), 2);
        assertEquals(List.of(List.of(0, 0), List.of(0, 64), List.of(64, 0), List.of(64, 64)),
                boxes.boxes().stream().map(box -> List.of(box.row(), box.column())).toList());
        assertEquals(List.of(0, 0, 128), boxes.groupRows());
    }

    @Test
    void accumulatorsOf16BitsMeetNoBankTwice() {
        SwizzledBoxes boxes = SwizzledBoxes.of(WgmmaFragments.accumulator(64, 64, 64, 1), 2);
        for (SwizzledBoxes.Store store : boxes.boxes().getFirst().stores()) {
            assertEquals(2, store.registers().size());
            Set<Integer> banks = new HashSet<>();
            for (int lane = 0; lane < LANES; lane++) {
                assertTrue(banks.add((xor(boxes.lane(), lane) ^ store.offset()) / BANK_BYTES % LANES));
            }
        }
    }

    @Test
    void rowsOfLanesFitToo() {
        LinearLayout layout = LinearLayout.ofTile(64, 64).walk(LinearLayout.REGISTER, 1, 1, 3).walk(LinearLayout.LANE, 1, 8, 3)
                .walk(LinearLayout.LANE, 0, 1, 2).walk(LinearLayout.WARP, 0, 4, 2).walk(LinearLayout.REGISTER, 0, 16, 2).build();
        assertPutsInPlace(layout, 2);
        assertEquals(8, SwizzledBoxes.of(layout, 2).boxes().getFirst().stores().getFirst().registers().size());
    }

    @Test
    void otherLayoutsAreNone() {
        LinearLayout lanesAcross = LinearLayout.ofTile(64, 128).walk(LinearLayout.REGISTER, 1, 1, 3).walk(LinearLayout.LANE, 1, 8, 4)
                .walk(LinearLayout.LANE, 0, 1, 1).walk(LinearLayout.WARP, 0, 2, 2).walk(LinearLayout.REGISTER, 0, 8, 3).build();
        assertFalse(SwizzledBoxes.fit(lanesAcross, 2));
        assertThrows(IllegalArgumentException.class, () -> SwizzledBoxes.of(lanesAcross, 2));
        assertFalse(SwizzledBoxes.fit(WgmmaFragments.accumulator(64, 32, 32, 1), 2), "half a line");
        assertFalse(SwizzledBoxes.fit(MmaFragments.m16n8(16, 16).accumulator(128, 128, 2, 4), 2), "warp groups beside each other");
    }
}
