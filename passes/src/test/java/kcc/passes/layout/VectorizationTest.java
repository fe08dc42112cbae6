// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import kcc.passes.layout.Vectorization.AddressFacts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorizationTest {
    private static final LinearLayout ROW = LinearLayout.ofTile(2, 256)
            .walk(REGISTER, 1, 1, 3).walk(LANE, 1, 8, 5).basis(REGISTER, 1, 0).build();

    @Test
    void factsLimitTheWidth() {
        assertEquals(8, width(1024, 16, 1024, 8));
        assertEquals(4, width(1024, 16, 1024, 4));
        assertEquals(4, width(1024, 16, 4, 8));
        assertEquals(2, width(1024, 6, 1024, 8));
        assertEquals(1, width(1024, 1, 1024, 8));
        assertEquals(2, width(2, 16, 16, 8));
        assertEquals(1, Vectorization.of(ROW, 0, new AddressFacts(1024, 16, 1024), 1).width());
    }

    private static int width(long contiguity, long alignment, long constancy, int limit) {
        return Vectorization.of(ROW, 1, new AddressFacts(contiguity, alignment, constancy), limit).width();
    }

    @Test
    void registersNeedNotBeNeighbours() {
        LinearLayout layout = LinearLayout.ofTile(64).basis(REGISTER, 4).basis(REGISTER, 1).basis(REGISTER, 2).walk(LANE, 0, 8, 3).build();
        Vectorization vectors = Vectorization.of(layout, "dim0", 4);
        assertEquals(4, vectors.width());
        assertEquals(2, vectors.vectors());
        int[] first = {0, 2, 4, 6};
        for (int element = 0; element < 4; element++) {
            assertEquals(first[element], vectors.register(0, element));
            assertEquals(first[element] + 1, vectors.register(1, element));
        }
    }

    @Test
    void aLaneInTheLowBitsStopsTheVector() {
        LinearLayout layout = LinearLayout.ofTile(16).basis(REGISTER, 1).basis(REGISTER, 2).basis(LANE, 6).basis(LANE, 8).build();
        assertEquals(2, Vectorization.of(layout, "dim0", 4).width());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void vectorsAreAlignedNeighboursAndMaximal(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int[] shape = RandomLayouts.shape(random, 2, 8);
            LinearLayout layout = RandomLayouts.surjective(random, 3, 1, round % 2 == 0, shape);
            int axis = random.nextInt(shape.length);
            Vectorization vectors = Vectorization.of(layout, Dim.tile(axis), 8);
            String which = "seed " + seed + " round " + round + " axis " + axis + ": " + layout;
            for (int warp = 0; warp < 2; warp++) {
                for (int lane = 0; lane < 8; lane++) {
                    Set<Long> loaded = new HashSet<>();
                    for (int vector = 0; vector < vectors.vectors(); vector++) {
                        int[] first = layout.coordinates(vectors.register(vector, 0), lane, warp, 0);
                        assertEquals(0, first[axis] % vectors.width(), which);
                        for (int element = 0; element < vectors.width(); element++) {
                            int[] at = layout.coordinates(vectors.register(vector, element), lane, warp, 0);
                            for (int d = 0; d < shape.length; d++) {
                                assertEquals(first[d] + (d == axis ? element : 0), at[d], which);
                            }
                            assertTrue(loaded.add(layout.pack(at)), which + " loads an element twice");
                        }
                    }
                    for (int register = 0; register < layout.registers(); register++) {
                        assertTrue(loaded.contains(layout.apply(layout.place(register, lane, warp, 0))), which);
                        assertEquals(layout.apply(layout.place(register, lane, warp, 0)),
                                layout.apply(layout.place(vectors.original(register), lane, warp, 0)), which);
                    }
                }
            }
            int next = vectors.width() * 2;
            if (next <= Math.min(8, shape[axis])) {
                assertTrue(!allThreadsHoldAlignedRuns(layout, axis, next), which + " could be " + next + " wide");
            }
        }
    }

    /// Whether every thread's elements fall into complete aligned runs of `width` with each register at the same place of
    /// its run in all threads, by looking at the elements.
    private static boolean allThreadsHoldAlignedRuns(LinearLayout layout, int axis, int width) {
        for (int thread = 0; thread < layout.inputSize(LANE) * layout.inputSize(WARP); thread++) {
            int lane = thread % layout.inputSize(LANE);
            int warp = thread / layout.inputSize(LANE);
            Set<Long> held = new HashSet<>();
            for (int register = 0; register < layout.registers(); register++) {
                long element = layout.apply(layout.place(register, lane, warp, 0));
                held.add(element);
                if (layout.unpack(element)[axis] % width != layout.coordinates(register, 0, 0, 0)[axis] % width) {
                    return false;
                }
            }
            for (long element : held) {
                int[] at = layout.unpack(element);
                int run = at[axis] / width * width;
                for (int i = 0; i < width; i++) {
                    at[axis] = run + i;
                    if (!held.contains(layout.pack(at))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
