// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.OFFSET;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearLayoutTest {
    /// Register walks two columns, lanes 4 columns pairs and 2 rows, warps 2 rows.
    private static LinearLayout sample() {
        return LinearLayout.ofTile(4, 8)
                .basis(REGISTER, 0, 1)
                .basis(LANE, 0, 2).basis(LANE, 0, 4).basis(LANE, 1, 0)
                .basis(WARP, 2, 0).build();
    }

    @Test
    void contributionsAreAddedByXor() {
        LinearLayout swizzled = LinearLayout.ofTile(2, 4).walk(REGISTER, 1, 1, 2).basis(LANE, 1, 3).build();
        assertArrayEquals(new int[] {1, 1}, swizzled.coordinates(2, 1, 0, 0));
        assertArrayEquals(new int[] {1, 0}, swizzled.coordinates(3, 1, 0, 0));
        assertArrayEquals(new int[] {0, 3}, swizzled.coordinates(3, 0, 0, 0));
    }

    @Test
    void packedOutputIsTheRowMajorNumber() {
        LinearLayout layout = sample();
        assertEquals(3 * 8 + 5, layout.pack(3, 5));
        assertArrayEquals(new int[] {3, 5}, layout.unpack(29));
        assertEquals(29, layout.apply(layout.place(1, 6, 1, 0)));
        assertEquals(1, layout.inputValue(WARP, layout.place(1, 6, 1, 0)));
        assertEquals(6, layout.inputValue(LANE, layout.place(1, 6, 1, 0)));
        assertEquals(5, layout.outputValue("dim1", 29));
    }

    @Test
    void everyInputIsThereEvenWithoutBits() {
        assertEquals(List.of(BLOCK, WARP, LANE, REGISTER), sample().inputs().stream().map(Dim::name).toList());
        assertEquals(0, sample().inputBits(BLOCK));
    }

    @Test
    void productPutsTheUpperFactorAbove() {
        LinearLayout pair = LinearLayout.identity(REGISTER, 1, "dim1");
        LinearLayout lanes = LinearLayout.identity(LANE, 2, "dim1");
        LinearLayout rows = LinearLayout.identity(LANE, 1, "dim0");
        LinearLayout product = pair.times(lanes).times(rows);
        assertEquals(List.of(new Dim("dim1", 3), new Dim("dim0", 1)), product.outputs());
        assertEquals(2, product.reorderOutputs(List.of("dim0", "dim1")).basis(LANE, 0));
        assertEquals(8, product.reorderOutputs(List.of("dim0", "dim1")).basis(LANE, 2));
    }

    @Test
    void quotientUndoesTheProduct() {
        LinearLayout lower = LinearLayout.ofTile(1, 4).walk(REGISTER, 1, 1, 1).walk(LANE, 1, 2, 1).build();
        LinearLayout upper = LinearLayout.ofTile(4, 2).basis(REGISTER, 2, 1).basis(LANE, 1, 0).basis(WARP, 0, 1).build();
        assertEquals(upper, lower.times(upper).divideLeft(lower));
        assertNull(lower.times(upper).divideLeft(LinearLayout.ofTile(1, 4).walk(REGISTER, 1, 1, 2).build()));
        assertNull(lower.divideLeft(lower.times(upper)));
    }

    @Test
    void copiesShowAsFreeBits() {
        LinearLayout layout = LinearLayout.ofTile(4)
                .basis(REGISTER, 1).basis(REGISTER, 0).basis(LANE, 2).basis(LANE, 3).basis(WARP, 2).build();
        assertEquals(0b10, layout.freeBits(REGISTER));
        assertEquals(0b10, layout.freeBits(LANE));
        assertEquals(0b1, layout.freeBits(WARP));
        assertFalse(layout.isInjective());
        assertTrue(layout.isSurjective());
        assertEquals(2, layout.dropFreeBits(REGISTER).registers());
    }

    @Test
    void sliceForgetsTheCoordinate() {
        LinearLayout rows = sample().slice(1);
        assertArrayEquals(new int[] {4}, rows.shape());
        assertEquals("#kcc.layout<rank = 1, register = [[0]], lane = [[0], [0], [1]], warp = [[2]], block = []>", rows.toString());
        assertArrayEquals(new int[] {4, 1}, sample().squash(1).shape());
        assertEquals(sample().squash(1), rows.expand(1));
    }

    @Test
    void transposeAndReshapeFollowTheTile() {
        LinearLayout layout = sample();
        LinearLayout transposed = layout.transpose(1, 0);
        assertArrayEquals(new int[] {8, 4}, transposed.shape());
        int[] element = layout.coordinates(1, 5, 1, 0);
        assertArrayEquals(new int[] {element[1], element[0]}, transposed.coordinates(1, 5, 1, 0));
        LinearLayout flat = layout.reshape(32);
        assertArrayEquals(new int[] {element[0] * 8 + element[1]}, flat.coordinates(1, 5, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> layout.reshape(64));
    }

    @Test
    void resizeRepeatsOrDropsRegisters() {
        LinearLayout larger = sample().resize(8, 32);
        assertEquals(16, larger.registers());
        assertTrue(larger.isBijective());
        assertArrayEquals(new int[] {0, 8}, larger.coordinates(2, 0, 0, 0));
        assertArrayEquals(new int[] {4, 0}, larger.coordinates(8, 0, 0, 0));
        assertEquals(sample(), larger.resize(4, 8));
        LinearLayout smaller = sample().resize(4, 2);
        assertEquals(2, smaller.registers());
        assertEquals(0b11, smaller.freeBits(LANE));
        assertTrue(smaller.isSurjective());
    }

    @Test
    void stridedLeavesTheLowBits() {
        LinearLayout strided = LinearLayout.strided(REGISTER, 2, OFFSET, 3);
        assertEquals(24, strided.apply(3));
        assertTrue(strided.isInjective());
        assertFalse(strided.isSurjective());
        assertEquals(0, LinearLayout.zeros(LANE, 3, OFFSET).apply(7));
    }

    @Test
    void wrongUseNamesTheValue() {
        assertMessage("size of dimension 'dim1' is 12, which is not a power of two", () -> LinearLayout.ofTile(4, 12));
        assertMessage("coordinate 8 of 'dim1' is outside of the tile, whose size there is 8", () -> sample().pack(0, 8));
        assertMessage("9 is no value of input 'lane', which has 3 bits", () -> sample().place(0, 9, 0, 0));
        assertMessage("there is no dimension 'offset' among [block, warp, lane, register]", () -> sample().basis(OFFSET, 0));
        LinearLayout copies = sample().slice(0);
        assertThrows(IllegalArgumentException.class, copies::invert);
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }

    @Test
    void textIsCanonical() {
        String text = "#kcc.layout<rank = 2, register = [[0, 1]], lane = [[0, 2], [0, 4], [1, 0]], warp = [[2, 0]], block = []>";
        assertEquals(text, sample().toString());
        assertEquals(sample(), LinearLayout.parse(text, 4, 8));
        assertEquals(sample(), LinearLayout.parse(" #kcc.layout< rank=2,register=[[0,1]],lane=[[0,2],[0,4],[1,0]],warp=[[2,0]]>", 4, 8));
        LinearLayout scalar = LinearLayout.ofTile().copies(LANE, 2).build();
        assertEquals("#kcc.layout<rank = 0, register = [], lane = [[], []], warp = [], block = []>", scalar.toString());
        assertEquals(scalar, LinearLayout.parse(scalar.toString()));
    }

    @Test
    void wrongTextSaysWhere() {
        assertMessage("no layout: coordinate 9 of 'dim0' is outside of the tile, whose size there is 8 at character 37 of "
                + "'#kcc.layout<rank = 1, register = [[9]]>'",
                () -> LinearLayout.parse("#kcc.layout<rank = 1, register = [[9]]>", 8));
        assertMessage("no layout: the layout has rank 1, the tile 2 at character 20 of '#kcc.layout<rank = 1>'",
                () -> LinearLayout.parse("#kcc.layout<rank = 1>", 8, 8));
        assertThrows(IllegalArgumentException.class, () -> LinearLayout.parse("#kcc.layout<rank = 1, lane = [[1]], lane = []>", 8));
        assertThrows(IllegalArgumentException.class, () -> LinearLayout.parse("#kcc.layout<rank = 1, lane = [[1]>", 8));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void algebraHoldsForRandomLayouts(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int[] shape = RandomLayouts.shape(random, 3, 9);
            LinearLayout layout = RandomLayouts.surjective(random, random.nextInt(5), random.nextInt(3), true, shape);
            String which = "seed " + seed + " round " + round + ": " + layout;
            assertEquals(layout, LinearLayout.parse(layout.toString(), shape), which);

            LinearLayout back = layout.rightInverse();
            BitSet held = new BitSet();
            for (long element = 0; element < 1L << layout.outputBits(); element++) {
                assertEquals(element, layout.apply(back.apply(element)), which);
            }
            // With the free bits at zero each element is held exactly once.
            for (long place = 0; place < 1L << layout.inputBits(); place++) {
                boolean isFree = false;
                for (Dim input : layout.inputs()) {
                    isFree |= (layout.inputValue(input.name(), place) & layout.freeBits(input.name())) != 0;
                }
                if (!isFree) {
                    assertFalse(held.get((int) layout.apply(place)), which);
                    held.set((int) layout.apply(place));
                }
            }
            assertEquals(1 << layout.outputBits(), held.cardinality(), which);

            LinearLayout once = layout.dropFreeBits(REGISTER).dropFreeBits(LANE).dropFreeBits(WARP);
            assertTrue(once.isBijective(), which);
            assertEquals(once.invert(), once.leftInverse(), which);
            assertEquals(once, once.invert().invert(), which);
            LinearLayout roundTrip = once.compose(once.invert());
            for (long place = 0; place < 1L << once.inputBits(); place++) {
                assertEquals(place, roundTrip.apply(place), which);
            }
            LinearLayout product = once.times(layout);
            assertEquals(layout, product.divideLeft(once), which);
            assertEquals(1 << Integer.bitCount(layout.freeBits(REGISTER)), layout.registers() / layout.dropFreeBits(REGISTER).registers());
        }
    }

    @Test
    void equalityIsOfTheMap() {
        assertEquals(sample(), sample());
        assertEquals(sample().hashCode(), sample().hashCode());
        assertNotEquals(sample(), sample().permuteBits(LANE, 1, 0, 2));
        assertNotEquals(sample(), sample().transpose(1, 0));
    }
}
