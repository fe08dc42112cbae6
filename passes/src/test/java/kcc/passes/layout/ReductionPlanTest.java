// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import kcc.passes.layout.ReductionPlan.LaneStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReductionPlanTest {
    @Test
    void rowOfAnAccumulator() {
        ReductionPlan plan = ReductionPlan.of(WgmmaFragments.accumulator(16), 1);
        assertEquals(List.of(List.of(0, 1, 4, 5), List.of(2, 3, 6, 7)), plan.groups());
        assertEquals(List.of(new LaneStep(1, 0), new LaneStep(2, 0)), plan.laneSteps());
        assertNull(plan.acrossWarps());
        assertEquals("#kcc.layout<rank = 1, register = [[8]], lane = [[0], [0], [1], [2], [4]], warp = [[16], [32]], block = []>",
                plan.result().toString());
    }

    @Test
    void columnOfAnAccumulatorCrossesWarps() {
        ReductionPlan plan = ReductionPlan.of(WgmmaFragments.accumulator(8), 0);
        assertEquals(List.of(new LaneStep(4, 0), new LaneStep(8, 0), new LaneStep(16, 0)), plan.laneSteps());
        assertNotNull(plan.acrossWarps());
        assertEquals(List.of(4, 8), List.of(plan.acrossWarps().stored().shape()[0], plan.acrossWarps().stored().shape()[1]));
        assertEquals(8, plan.acrossWarps().loaded().registers());
        assertEquals(0, plan.acrossWarps().stored().freeBits(WARP));
    }

    @Test
    void wholeRowOfABlock() {
        LinearLayout layout = BlockedLayout.coalesced(new int[] {1024}, List.of(0), 4, 32, 4).over(1024);
        ReductionPlan plan = ReductionPlan.of(layout, 0);
        assertEquals(List.of(List.of(0, 1, 2, 3, 4, 5, 6, 7)), plan.groups());
        assertEquals(5, plan.laneSteps().size());
        assertEquals(0b11111, plan.acrossWarps().stored().freeBits(LANE), "one lane stores");
        assertEquals("#kcc.layout<rank = 0, register = [], lane = [[], [], [], [], []], warp = [[], []], block = []>",
                plan.result().toString());
    }

    @Test
    void copiesAreNotCountedTwice() {
        LinearLayout layout = LinearLayout.ofTile(8).walk(REGISTER, 0, 1, 1).copies(REGISTER, 1).basis(LANE, 2).copies(LANE, 2)
                .basis(WARP, 4).copies(WARP, 1).build();
        ReductionPlan plan = ReductionPlan.of(layout, 0);
        assertEquals(List.of(List.of(0, 1)), plan.groups());
        assertEquals(List.of(new LaneStep(1, 0)), plan.laneSteps());
        assertEquals(2, plan.acrossWarps().stored().shape()[0]);
        assertEquals(0b10, plan.acrossWarps().stored().freeBits(WARP));
    }

    @Test
    void blocksAreLeftToTheCaller() {
        LinearLayout layout = LinearLayout.ofTile(8, 4).walk(LANE, 1, 1, 2).walk(BLOCK, 0, 1, 3).build();
        assertEquals(3, ReductionPlan.of(layout, 0).blockBits());
        assertEquals(0, ReductionPlan.of(layout, 1).blockBits());
    }

    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54, 55, 56})
    void everyElementCountsOnce(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int[] shape = RandomLayouts.shape(random, 3, 9);
            LinearLayout layout = RandomLayouts.surjective(random, random.nextInt(6), random.nextInt(4), random.nextBoolean(), shape);
            int axis = random.nextInt(shape.length);
            String which = "seed " + seed + " round " + round + " axis " + axis + ": " + layout;
            ReductionPlan plan = ReductionPlan.of(layout, axis);
            long[] weights = random.longs(1L << layout.outputBits()).toArray();
            long[] expected = new long[1 << plan.result().outputBits()];
            LinearLayout everything = LinearLayout.ofTile(shape).build();
            for (int element = 0; element < weights.length; element++) {
                int[] at = everything.unpack(element);
                int[] rest = new int[at.length - 1];
                System.arraycopy(at, 0, rest, 0, axis);
                System.arraycopy(at, axis + 1, rest, axis, rest.length - axis);
                expected[(int) plan.result().pack(rest)] += weights[element];
            }
            long[][][] partials = reduce(plan, layout, weights, which);
            for (int warp = 0; warp < partials.length; warp++) {
                for (int lane = 0; lane < partials[warp].length; lane++) {
                    for (int register = 0; register < plan.result().registers(); register++) {
                        int element = (int) plan.result().apply(plan.result().place(register, lane, warp, 0));
                        assertEquals(expected[element], partials[warp][lane][register], which);
                    }
                }
            }
            assertEquals(0, plan.result().freeBits(REGISTER), which);
        }
    }

    private static long[][][] reduce(ReductionPlan plan, LinearLayout layout, long[] weights, String which) {
        int warps = layout.inputSize(WARP);
        int lanes = layout.inputSize(LANE);
        long[][][] partials = new long[warps][lanes][plan.groups().size()];
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int partial = 0; partial < plan.groups().size(); partial++) {
                    for (int register : plan.groups().get(partial)) {
                        partials[warp][lane][partial] += weights[(int) layout.apply(layout.place(register, lane, warp, 0))];
                    }
                }
            }
            for (LaneStep step : plan.laneSteps()) {
                long[][] before = new long[lanes][];
                for (int lane = 0; lane < lanes; lane++) {
                    before[lane] = partials[warp][lane].clone();
                }
                for (int lane = 0; lane < lanes; lane++) {
                    for (int partial = 0; partial < before[lane].length; partial++) {
                        partials[warp][lane][partial] += before[lane ^ step.lanes()][partial ^ step.partials()];
                    }
                }
            }
        }
        if (plan.acrossWarps() == null) {
            return partials;
        }
        LinearLayout stored = plan.acrossWarps().stored();
        LinearLayout loaded = plan.acrossWarps().loaded();
        assertTrue(stored.isSurjective() && loaded.isSurjective(), which);
        Long[] memory = new Long[1 << stored.outputBits()];
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int register = 0; register < stored.registers(); register++) {
                    int at = (int) stored.apply(stored.place(register, lane, warp, 0));
                    assertTrue(memory[at] == null || memory[at] == partials[warp][lane][register], which + ": copies differ");
                    memory[at] = partials[warp][lane][register];
                }
            }
        }
        long[][][] combined = new long[warps][lanes][plan.result().registers()];
        for (int warp = 0; warp < warps; warp++) {
            for (int lane = 0; lane < lanes; lane++) {
                for (int partial = 0; partial < combined[warp][lane].length; partial++) {
                    for (int register : plan.acrossWarps().groups().get(partial)) {
                        combined[warp][lane][partial] += memory[(int) loaded.apply(loaded.place(register, lane, warp, 0))];
                    }
                }
            }
        }
        return combined;
    }
}
