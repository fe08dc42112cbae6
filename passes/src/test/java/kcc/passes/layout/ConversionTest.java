// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import kcc.passes.layout.ConversionPlanner.Costs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {
    private static final Costs COSTS = Costs.CYCLES;
    private static final ConversionPlanner PLANNER = new ConversionPlanner(BankModels.WARP32, 48 << 10, COSTS);
    private static final int[] SQUARE = {64, 64};

    private static LinearLayout rows(int... shape) {
        return BlockedLayout.coalesced(shape, List.of(1, 0), 8, 32, 4).over(shape);
    }

    private static LinearLayout columns(int... shape) {
        return BlockedLayout.coalesced(shape, List.of(0, 1), 8, 32, 4).over(shape);
    }

    @Test
    void equalLayoutsNeedNothing() {
        assertEquals(new Conversion.Identity(), PLANNER.plan(rows(SQUARE), rows(SQUARE), 2));
        LinearLayout copies = rows(SQUARE).slice(0);
        assertEquals(new Conversion.Identity(), PLANNER.plan(copies, copies, 2));
    }

    @Test
    void reorderedRegistersAreRenamed() {
        LinearLayout from = LinearLayout.ofTile(256).walk(REGISTER, 0, 1, 3).walk(LANE, 0, 8, 5).build();
        assertEquals(new Conversion.RegisterPermutation(List.of(0, 4, 1, 5, 2, 6, 3, 7)),
                PLANNER.plan(from, from.permuteBits(REGISTER, 2, 0, 1), 4));
        assertEquals(new Conversion.RegisterPermutation(List.of(0, 2, 4, 6, 0, 2, 4, 6)),
                PLANNER.plan(from.times(LinearLayout.zeros(REGISTER, 1, "dim0")).permuteBits(REGISTER, 3, 0, 1, 2).resize(128)
                        .times(LinearLayout.zeros(WARP, 0, "dim0")),
                        LinearLayout.ofTile(128).walk(REGISTER, 0, 1, 2).copies(REGISTER, 1).walk(LANE, 0, 8, 4).copies(LANE, 1).build(), 4));
    }

    /// Wgmma accumulators of 16 columns are the operand of the next one.
    @Test
    void accumulatorIsTheNextOperand() {
        assertEquals(new Conversion.Identity(), PLANNER.plan(WgmmaFragments.accumulator(16), WgmmaFragments.operandA(16), 2));
    }

    /// A register bit exchanged with a lane bit: one lane keeps its first register, the other its second.
    @Test
    void exchangeOfARegisterAndALaneBitIsOneShuffle() {
        LinearLayout from = LinearLayout.ofTile(64).walk(REGISTER, 0, 1, 1).walk(LANE, 0, 2, 5).build();
        LinearLayout to = LinearLayout.ofTile(64).basis(REGISTER, 2).basis(LANE, 1).walk(LANE, 0, 4, 4).build();
        Conversion.Shuffle shuffle = assertInstanceOf(Conversion.Shuffle.class, PLANNER.plan(from, to, 4));
        assertEquals(1, shuffle.shuffles());
        assertEquals(2, shuffle.packets().size());
        assertTrue(shuffle.packets().get(1).from().isButterfly());
        assertEquals(1, shuffle.packets().get(1).from().apply(0, 0));
        Simulation.check(from, to, 4, shuffle, "exchange");
    }

    @Test
    void halfWordsTravelInPairs() {
        LinearLayout from = LinearLayout.ofTile(256).walk(REGISTER, 0, 1, 3).walk(LANE, 0, 8, 5).build();
        LinearLayout to = LinearLayout.ofTile(256).walk(REGISTER, 0, 1, 1).walk(LANE, 0, 2, 2).walk(LANE, 0, 32, 3)
                .walk(REGISTER, 0, 8, 2).build();
        Conversion.Shuffle half = PLANNER.byShuffles(from, to, 2);
        Conversion.Shuffle word = PLANNER.byShuffles(from, to, 4);
        assertEquals(2 * half.packets().size(), word.packets().size());
        Simulation.check(from, to, 2, half, "pairs");
        Simulation.check(from, to, 4, word, "words");
    }

    @Test
    void transposeGoesThroughSharedMemoryWithoutConflicts() {
        for (int bytes : new int[] {1, 2, 4, 8}) {
            Conversion.SharedMemory shared = assertInstanceOf(Conversion.SharedMemory.class,
                    PLANNER.plan(rows(SQUARE), columns(SQUARE), bytes));
            assertTrue(shared.storing().isConflictFree(), () -> "storing " + shared);
            assertTrue(shared.loading().isConflictFree(), () -> "loading " + shared);
            assertEquals(64 * 64 * bytes, shared.bytes());
            Simulation.check(rows(SQUARE), columns(SQUARE), bytes, shared, "transpose");
        }
    }

    @Test
    void fragmentsComeFromRowsWithoutConflicts() {
        MatrixFragments mma = MmaFragments.m16n8(16, 16);
        for (LinearLayout to : List.of(mma.operandA(64, 64, 2, 2), mma.operandB(64, 64, 2, 2), mma.accumulator(64, 64, 2, 2))) {
            for (int bytes : new int[] {2, 4}) {
                Conversion.SharedMemory in = PLANNER.throughSharedMemory(rows(SQUARE), to, bytes);
                assertTrue(in.storing().isConflictFree() && in.loading().isConflictFree(), () -> "to " + to + ": " + in);
                Simulation.check(rows(SQUARE), to, bytes, in, "into fragments");
                Conversion.SharedMemory out = PLANNER.throughSharedMemory(to, rows(SQUARE), bytes);
                assertTrue(out.storing().isConflictFree() && out.loading().isConflictFree(), () -> "from " + to + ": " + out);
                Simulation.check(to, rows(SQUARE), bytes, out, "out of fragments");
            }
        }
    }

    @Test
    void wavesOfSixtyFourLanes() {
        int[] shape = {64, 128};
        LinearLayout rows = BlockedLayout.coalesced(shape, List.of(1, 0), 8, 64, 4).over(shape);
        for (BankModel model : List.of(BankModels.WAVE64, BankModels.WAVE64_WIDE)) {
            ConversionPlanner planner = new ConversionPlanner(model, 64 << 10, COSTS);
            MatrixFragments mfma = MfmaFragments.square(16, 16);
            for (LinearLayout to : List.of(mfma.operandA(64, 128, 2, 2), mfma.operandB(64, 128, 2, 2), mfma.accumulator(64, 128, 2, 2),
                    mfma.swapped().accumulator(64, 128, 2, 2))) {
                Conversion.SharedMemory shared = planner.throughSharedMemory(rows, to, 2);
                assertTrue(shared.storing().isConflictFree() && shared.loading().isConflictFree(), () -> "to " + to + ": " + shared);
                Simulation.check(rows, to, 2, shared, "waves");
            }
        }
    }

    @Test
    void aTileLargerThanTheBufferGoesInRounds() {
        ConversionPlanner small = new ConversionPlanner(BankModels.WARP32, 4 << 10, COSTS);
        Conversion.SharedMemory shared = small.throughSharedMemory(rows(SQUARE), columns(SQUARE), 4);
        assertEquals(4, shared.rounds());
        assertEquals(4 << 10, shared.bytes());
        Simulation.check(rows(SQUARE), columns(SQUARE), 4, shared, "rounds");
        ConversionPlanner tiny = new ConversionPlanner(BankModels.WARP32, 64, COSTS);
        Simulation.check(rows(SQUARE), columns(SQUARE), 4, tiny.throughSharedMemory(rows(SQUARE), columns(SQUARE), 4), "many rounds");
        ConversionPlanner none = new ConversionPlanner(BankModels.WARP32, 2, COSTS);
        assertEquals("a conversion needs at least 4 bytes of shared memory, allowed are 2",
                assertThrows(IllegalArgumentException.class, () -> none.throughSharedMemory(rows(SQUARE), columns(SQUARE), 4)).getMessage());
    }

    @Test
    void copiesAreReadFromTheNearestThread() {
        // Every warp holds the whole row: nothing has to leave a warp, though warp 0 holds it too.
        LinearLayout from = LinearLayout.ofTile(64).walk(REGISTER, 0, 1, 1).walk(LANE, 0, 2, 5).copies(WARP, 2).build();
        LinearLayout to = LinearLayout.ofTile(64).basis(REGISTER, 32).walk(LANE, 0, 1, 5).copies(WARP, 2).build();
        assertInstanceOf(Conversion.Shuffle.class, PLANNER.plan(from, to, 4));
        // Each thread already holds what it needs.
        LinearLayout one = LinearLayout.ofTile(64).walk(LANE, 0, 2, 5).walk(WARP, 0, 1, 1).copies(WARP, 1).build();
        assertInstanceOf(Conversion.RegisterPermutation.class,
                PLANNER.plan(LinearLayout.ofTile(64).walk(REGISTER, 0, 1, 1).walk(LANE, 0, 2, 5).copies(WARP, 2).build(),
                        LinearLayout.ofTile(64).walk(REGISTER, 0, 1, 1).walk(LANE, 0, 2, 5).copies(WARP, 2).copies(REGISTER, 1).build(), 4));
        Conversion chosen = PLANNER.plan(from, one, 4);
        Simulation.check(from, one, 4, chosen, "select by warp");
        assertInstanceOf(Conversion.Shuffle.class, chosen);
        assertEquals(0, ((Conversion.Shuffle) chosen).shuffles());
    }

    @Test
    void incomparableLayoutsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PLANNER.plan(rows(64, 64), rows(64, 128), 2));
        LinearLayout holes = LinearLayout.ofTile(64, 64).walk(REGISTER, 1, 1, 5).walk(LANE, 0, 1, 5).walk(WARP, 0, 32, 1).copies(WARP, 1).build();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> PLANNER.plan(holes, rows(SQUARE), 2)).getMessage()
                .contains("does not hold the whole tile"));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void randomLayoutsArriveAsPredicted(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            int[] shape = RandomLayouts.shape(random, 3, 10);
            int lanes = random.nextInt(6);
            int warps = random.nextInt(3);
            boolean mixed = random.nextBoolean();
            LinearLayout from = RandomLayouts.surjective(random, lanes, warps, mixed, shape);
            LinearLayout to = RandomLayouts.surjective(random, lanes, warps, mixed, shape);
            int bytes = 1 << random.nextInt(4);
            String which = "seed " + seed + " round " + round + " bytes " + bytes + " from " + from + " to " + to;
            Simulation.check(from, to, bytes, PLANNER.plan(from, to, bytes), which);
            ConversionPlanner planner = new ConversionPlanner(random.nextBoolean() ? BankModels.WARP32 : BankModels.WAVE64_WIDE,
                    16L << random.nextInt(8), COSTS);
            Simulation.check(from, to, bytes, planner.throughSharedMemory(from, to, bytes), which);
        }
    }

    /// Layouts that differ only within a warp: shuffles must do.
    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36})
    void randomLayoutsWithinAWarpArriveByShuffles(long seed) {
        Random random = new Random(seed);
        int planned = 0;
        for (int round = 0; round < 100; round++) {
            int[] shape = RandomLayouts.shape(random, 2, 8);
            int lanes = 1 + random.nextInt(5);
            boolean mixed = random.nextBoolean();
            LinearLayout from = RandomLayouts.surjective(random, lanes, 0, mixed, shape);
            LinearLayout to = RandomLayouts.surjective(random, lanes, 0, mixed, shape);
            int bytes = 1 << random.nextInt(4);
            String which = "seed " + seed + " round " + round + " bytes " + bytes + " from " + from + " to " + to;
            Conversion.Shuffle shuffle = PLANNER.byShuffles(from, to, bytes);
            if (shuffle != null) {
                planned++;
                Simulation.check(from, to, bytes, shuffle, which);
            }
            if (from.isInjective()) {
                assertTrue(shuffle != null, which);
            }
        }
        assertTrue(planned > 70, "seed " + seed + ": only " + planned + " of 100 conversions have a plan");
    }

    /// Unit layouts, as the compiler makes them: always conflict-free when tiles are large enough to fill all banks.
    @ParameterizedTest
    @ValueSource(longs = {41, 42, 43, 44})
    void unmixedLayoutsGoWithoutConflicts(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 25; round++) {
            int[] shape = {1 << 5 + random.nextInt(2), 1 << 5 + random.nextInt(2)};
            LinearLayout from = unitLayout(random, shape);
            LinearLayout to = unitLayout(random, shape);
            int bytes = 1 << random.nextInt(4);
            Conversion.SharedMemory shared = PLANNER.throughSharedMemory(from, to, bytes);
            String which = "seed " + seed + " round " + round + " bytes " + bytes + " from " + from + " to " + to + ": " + shared;
            assertTrue(shared.storing().isConflictFree(), which);
            assertTrue(shared.loading().isConflictFree(), which);
        }
    }

    private static LinearLayout unitLayout(Random random, int... shape) {
        LayoutBuilder builder = LinearLayout.ofTile(shape);
        int bits = builder.build().outputBits();
        List<Integer> order = new java.util.ArrayList<>();
        for (int bit = 0; bit < bits; bit++) {
            order.add(bit);
        }
        java.util.Collections.shuffle(order, random);
        for (int i = 0; i < bits; i++) {
            builder.basis(i < 5 ? LANE : i < 7 ? WARP : REGISTER, 1L << order.get(i));
        }
        return builder.build();
    }
}
