// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a tile is combined along one axis: in registers, then by lane shuffles, then across warps through shared memory.
///
/// Places that hold the same element are counted once. Each step combines only what differs from everything combined
/// before: with M the places that fall on one element of the result and N those that hold copies of one element, the steps
/// are a basis of M / N, registers first, then lanes, then warps.
///
/// 1. Partial p of a thread combines the registers `groups[p]`.
/// 2. For each lane step, all partials: `partial[p] = combine(partial[p], shuffleXor(partial[p ^ step.partials], step.lanes))`.
/// 3. If there is a step across warps: partials go from layout `stored` to layout `loaded` through shared memory, where
///    the first dimension numbers what is still to be combined; partial p combines the registers `groups[p]` of `loaded`.
/// 4. Partial p is register p of the layout `result` of the tile without the axis; all threads have it.
///
/// @param acrossWarps null if warps have nothing to combine
/// @param blockBits number of bits of the block number over which the axis is still spread: combined by the caller, with
///     atomics say
public record ReductionPlan(List<List<Integer>> groups, List<LaneStep> laneSteps, AcrossWarps acrossWarps, LinearLayout result,
        int blockBits) {
    public ReductionPlan {
        groups = copy(groups);
        laneSteps = List.copyOf(laneSteps);
    }

    /// A butterfly: each lane combines its partial p with partial `p ^ partials` of lane `lane ^ lanes`.
    public record LaneStep(int lanes, int partials) {}

    /// @param stored layout of the partials as they are: what is still to be combined x the tile without the axis
    /// @param loaded layout of the partials as every thread needs them, on the same tile
    /// @param groups registers of `loaded` that combine to partial p
    public record AcrossWarps(LinearLayout stored, LinearLayout loaded, List<List<Integer>> groups) {
        public AcrossWarps {
            groups = copy(groups);
        }
    }

    /// The plan for combining a tile of this layout along `axis`.
    public static ReductionPlan of(LinearLayout layout, int axis) {
        LinearLayout input = layout.reorderInputs(LinearLayout.PLACES);
        LinearLayout slice = input.slice(axis);
        LinearLayout result = slice.dropFreeBits(REGISTER);
        Map<Long, Integer> partials = new LinkedHashMap<>();
        for (int partial = 0; partial < result.registers(); partial++) {
            partials.put(result.apply(partial), partial);
        }
        List<List<Integer>> groups = new ArrayList<>();
        for (int partial = 0; partial < result.registers(); partial++) {
            groups.add(new ArrayList<>());
        }
        int[] originals = Vectorization.originals(input);
        for (int register = 0; register < originals.length; register++) {
            if (originals[register] == register) {
                groups.get(partials.get(slice.apply(register))).add(register);
            }
        }
        int laneFrom = input.inputBits(REGISTER);
        int warpFrom = laneFrom + input.inputBits(LANE);
        int blockFrom = warpFrom + input.inputBits(WARP);
        Span counted = new Span();
        for (long copy : input.map().kernel()) {
            counted.add(copy);
        }
        List<LaneStep> laneSteps = new ArrayList<>();
        List<Long> warpSteps = new ArrayList<>();
        int blockBits = 0;
        // Kernel vectors come by their highest bit: registers, lanes, warps, blocks.
        for (long merged : slice.map().kernel()) {
            int top = Long.SIZE - 1 - Long.numberOfLeadingZeros(merged);
            if (!counted.add(merged) || top < laneFrom) {
                continue;
            }
            if (top < warpFrom) {
                long sameLane = slice.apply(merged & (1L << laneFrom) - 1);
                laneSteps.add(new LaneStep((int) (merged >>> laneFrom), partials.get(sameLane)));
            } else if (top < blockFrom) {
                warpSteps.add(merged);
            } else {
                blockBits++;
            }
        }
        AcrossWarps acrossWarps = warpSteps.isEmpty() ? null : acrossWarps(input, slice, result, warpSteps, warpFrom);
        return new ReductionPlan(groups, laneSteps, acrossWarps, result, blockBits);
    }

    private static AcrossWarps acrossWarps(LinearLayout input, LinearLayout slice, LinearLayout result, List<Long> steps,
            int warpFrom) {
        int count = steps.size();
        int[] pending = pendingOfWarp(input, steps, warpFrom);
        int outputBits = result.outputBits();
        LayoutBuilder stored = LinearLayout.ofTile(1 << count, 1 << outputBits);
        LayoutBuilder loaded = LinearLayout.ofTile(1 << count, 1 << outputBits).walk(REGISTER, 0, 1, count);
        for (long basis : result.bases(REGISTER)) {
            stored.basis(REGISTER, basis);
            loaded.basis(REGISTER, basis);
        }
        for (long basis : slice.bases(LANE)) {
            stored.basis(LANE, basis);
            loaded.basis(LANE, basis);
        }
        long[] warps = slice.bases(WARP);
        for (int bit = 0; bit < warps.length; bit++) {
            stored.basis(WARP, (long) pending[bit] << outputBits | warps[bit]);
            loaded.basis(WARP, warps[bit]);
        }
        int[] shape = new int[result.rank() + 1];
        shape[0] = 1 << count;
        System.arraycopy(result.shape(), 0, shape, 1, result.rank());
        List<List<Integer>> groups = new ArrayList<>();
        for (int partial = 0; partial < result.registers(); partial++) {
            List<Integer> group = new ArrayList<>();
            for (int i = 0; i < 1 << count; i++) {
                group.add(partial << count | i);
            }
            groups.add(group);
        }
        return new AcrossWarps(stored.build().reshape(shape), loaded.build().reshape(shape), groups);
    }

    /// A number for each bit of the warp such that warps with copies agree and the warps of step i differ in bit i.
    private static int[] pendingOfWarp(LinearLayout input, List<Long> steps, int warpFrom) {
        int warpBits = input.inputBits(WARP);
        long warpMask = (1L << warpBits) - 1;
        Span span = new Span();
        List<Long> basis = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (long copy : input.map().kernel()) {
            long warp = copy >>> warpFrom & warpMask;
            if (copy >>> warpFrom + warpBits == 0 && span.add(warp)) {
                basis.add(warp);
                numbers.add(0);
            }
        }
        for (int step = 0; step < steps.size(); step++) {
            long warp = steps.get(step) >>> warpFrom & warpMask;
            span.add(warp);
            basis.add(warp);
            numbers.add(1 << step);
        }
        for (int bit = 0; bit < warpBits; bit++) {
            if (span.add(1L << bit)) {
                basis.add(1L << bit);
                numbers.add(0);
            }
        }
        BitMatrix change = new BitMatrix(warpBits, SwizzleSearch.toArray(basis)).rightInverse();
        int[] pending = new int[warpBits];
        for (int bit = 0; bit < warpBits; bit++) {
            for (long rest = change.column(bit); rest != 0; rest &= rest - 1) {
                pending[bit] ^= numbers.get(Long.numberOfTrailingZeros(rest));
            }
        }
        return pending;
    }

    private static List<List<Integer>> copy(List<List<Integer>> lists) {
        List<List<Integer>> copy = new ArrayList<>();
        for (List<Integer> list : lists) {
            copy.add(List.copyOf(list));
        }
        return List.copyOf(copy);
    }
}
