// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BufferPlanTest {
    @Test
    void buffersThatDoNotInterfereShareMemory() {
        BufferPlan plan = new BufferPlan();
        plan.add(1024, 16);
        plan.add(512, 16);
        BufferPlan.Placement placement = plan.place();
        assertEquals(List.of(0L, 0L), placement.offsets());
        assertEquals(1024, placement.bytes());
    }

    @Test
    void smallestHoleThatFitsIsTaken() {
        BufferPlan plan = new BufferPlan();
        int[] fixed = new int[5];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = plan.add(1000 - 10 * i, 1);
            for (int j = 0; j < i; j++) {
                plan.interfere(fixed[i], fixed[j]);
            }
        }
        // Interferes with all but the second (990 bytes) and the fourth (970 bytes): two holes, the smaller is better.
        int last = plan.add(960, 1);
        for (int i : List.of(0, 2, 4)) {
            plan.interfere(last, fixed[i]);
        }
        assertEquals(plan.place().offsets().get(fixed[3]), plan.place().offsets().get(last));
    }

    @Test
    void interferingBuffersNeverOverlap() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            BufferPlan plan = new BufferPlan();
            int count = 1 + random.nextInt(12);
            List<Long> sizes = new ArrayList<>();
            List<Long> alignments = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sizes.add(1L + random.nextInt(5000));
                alignments.add(1L << random.nextInt(8));
                plan.add(sizes.get(i), alignments.get(i));
            }
            boolean[][] interfere = new boolean[count][count];
            long most = 0;
            for (int i = 0; i < count; i++) {
                most = Math.max(most, sizes.get(i));
                for (int j = 0; j < i; j++) {
                    if (random.nextInt(3) == 0) {
                        plan.interfere(i, j);
                        interfere[i][j] = true;
                    }
                }
            }
            BufferPlan.Placement placement = plan.place();
            long end = 0;
            for (int i = 0; i < count; i++) {
                long offset = placement.offsets().get(i);
                assertEquals(0, offset % alignments.get(i), "seed " + seed);
                end = Math.max(end, offset + sizes.get(i));
                for (int j = 0; j < i; j++) {
                    if (interfere[i][j]) {
                        ByteInterval first = ByteInterval.of(offset, sizes.get(i));
                        ByteInterval second = ByteInterval.of(placement.offsets().get(j), sizes.get(j));
                        assertFalse(first.overlaps(second), "seed " + seed);
                    }
                }
            }
            assertEquals(end, placement.bytes(), "seed " + seed);
            assertTrue(end >= most, "seed " + seed);
        }
    }
}
