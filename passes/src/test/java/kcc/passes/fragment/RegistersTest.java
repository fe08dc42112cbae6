// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import kcc.passes.layout.BlockedLayout;
import kcc.passes.layout.LinearLayout;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RegistersTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void aVectorOfEqualElementsIsOneValue() {
        LinearLayout layout = BlockedLayout.coalesced(new int[] {1024}, List.of(0), 8, 32, 1).over(1024);
        Registers registers = Registers.of(layout);
        assertEquals(32, registers.distinct().size());
        assertEquals(4, registers.sharing(0, 8).distinct().size());
        assertEquals(4, registers.sharing(0, 16).distinct().size(), "elements of two threads are not shared");
        assertEquals(8, registers.sharing(0, 4).distinct().size());
    }

    /// What shares a value lies in one group along every dimension, and every value that is shared comes before.
    @RepeatedTest(50)
    void onlyElementsOfOneGroupShare() {
        int[] shape = {1 << random.nextInt(6), 1 << random.nextInt(9)};
        List<Integer> order = random.nextBoolean() ? List.of(1, 0) : List.of(0, 1);
        LinearLayout layout = BlockedLayout.coalesced(shape, order, 1 << random.nextInt(4), 32, 1 << random.nextInt(3)).over(shape);
        long rows = 1L << random.nextInt(4);
        long columns = 1L << random.nextInt(5);
        String about = "seed " + seed + ": " + layout + ", groups of " + rows + " x " + columns;
        Registers shared = Registers.of(layout).sharing(0, rows).sharing(1, columns);
        Set<List<Long>> groups = new HashSet<>();
        for (int register = 0; register < shared.count(); register++) {
            int original = shared.originals().get(register);
            assertTrue(original <= register && shared.isOriginal(original), about);
            assertEquals(group(layout, original, rows, columns), group(layout, register, rows, columns), about);
            groups.add(group(layout, register, rows, columns));
        }
        assertTrue(shared.distinct().size() >= groups.size(), about);
    }

    private static List<Long> group(LinearLayout layout, int register, long rows, long columns) {
        int[] at = layout.unpack(layout.apply(layout.input(LinearLayout.REGISTER, register)));
        return List.of(at[0] / rows, at[1] / columns);
    }
}
