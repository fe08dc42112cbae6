// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;

/// Finds the cheapest way to bring a tile from one distributed layout to another.
///
/// The map from each place of the result to the nearest place of the source that holds the element tells what has to move:
/// nothing, registers, lanes of one warp, or more. Shuffles and shared memory compete by cost.
///
/// @param model the shared memory of the machine
/// @param maxBytes the largest buffer in shared memory
/// @param costs relative costs of the machine's means
public record ConversionPlanner(BankModel model, long maxBytes, Costs costs) {
    /// Costs for one warp, in any unit.
    ///
    /// @param shuffle a shuffle of 32 bits
    /// @param select a conditional move
    /// @param turn a turn of shared memory
    /// @param barrier a wait for the other warps of a block
    public record Costs(double shuffle, double select, double turn, double barrier) {
        /// Cycles of a unit that issues a shuffle and serves a turn of shared memory in one cycle and two conditional moves
        /// in one; a barrier is worth what it costs when other blocks can hide it.
        public static final Costs CYCLES = new Costs(1, 0.5, 1, 20);
    }

    /// @throws IllegalArgumentException if the layouts are of different tiles or numbers of threads, if the source does not
    ///     hold the whole tile, or if not even one vector fits into the buffer
    public Conversion plan(LinearLayout from, LinearLayout to, int elementBytes) {
        requireComparable(from, to);
        LinearLayout source = SourceMap.of(from, to);
        if (isKept(source, BLOCK) && isKept(source, WARP) && isKept(source, LANE) && dependsOnRegistersOnly(source, REGISTER)) {
            return withinThread(source, from, to);
        }
        Conversion.Shuffle shuffle = isWithinWarp(source) ? new ShufflePlanner(source, to, elementBytes).plan() : null;
        if (!isKept(source, BLOCK)) {
            throw new IllegalArgumentException("a tile does not move between blocks: from " + from + " to " + to);
        }
        if (shuffle != null && cost(shuffle, to, elementBytes) <= leastSharedCost(from, to, elementBytes)) {
            return shuffle;
        }
        Conversion.SharedMemory shared = throughSharedMemory(from, to, elementBytes);
        return shuffle != null && cost(shuffle, to, elementBytes) <= cost(shared, from) ? shuffle : shared;
    }

    /// The way by shuffles whatever it costs; null if there is none.
    public Conversion.Shuffle byShuffles(LinearLayout from, LinearLayout to, int elementBytes) {
        requireComparable(from, to);
        LinearLayout source = SourceMap.of(from, to);
        return isWithinWarp(source) ? new ShufflePlanner(source, to, elementBytes).plan() : null;
    }

    /// The way through shared memory, whatever it costs.
    public Conversion.SharedMemory throughSharedMemory(LinearLayout from, LinearLayout to, int elementBytes) {
        requireComparable(from, to);
        SharedAccess.requireOneBlock(from);
        SharedAccess.requireOneBlock(to);
        for (int roundBits = 0; roundBits <= from.outputBits(); roundBits++) {
            if ((long) elementBytes << from.outputBits() - roundBits <= maxBytes) {
                SwizzleSearch.Candidate best = new SwizzleSearch(from, to, elementBytes, model, roundBits).best();
                if (best.store().bufferElements() * elementBytes <= maxBytes) {
                    boolean isWithinWarp = isWithinWarp(SourceMap.of(from, to)) && from.freeBits(WARP) == 0;
                    return new Conversion.SharedMemory(best.store(), best.load(), best.storing(), best.loading(), isWithinWarp);
                }
            }
        }
        throw new IllegalArgumentException("a conversion needs at least " + elementBytes + " bytes of shared memory, allowed are "
                + maxBytes);
    }

    private static Conversion withinThread(LinearLayout source, LinearLayout from, LinearLayout to) {
        int[] originals = Vectorization.originals(to);
        List<Integer> sources = new ArrayList<>();
        boolean isIdentity = from.registers() == to.registers();
        for (int register = 0; register < originals.length; register++) {
            int sourceRegister = source.outputValue(REGISTER, source.apply(source.input(REGISTER, originals[register])));
            sources.add(sourceRegister);
            isIdentity &= sourceRegister == register;
        }
        // Equal layouts with copies: each register is its own source.
        return isIdentity || from.equals(to) ? new Conversion.Identity() : new Conversion.RegisterPermutation(sources);
    }

    private double cost(Conversion.Shuffle shuffle, LinearLayout to, int elementBytes) {
        int words = Math.max(1, elementBytes / Integer.BYTES);
        int moved = to.registers() >>> Integer.bitCount(to.freeBits(REGISTER));
        int selects = (shuffle.before().size() + shuffle.after().size()) * moved;
        return words * (shuffle.shuffles() * costs.shuffle() + selects * costs.select());
    }

    private double cost(Conversion.SharedMemory shared, LinearLayout from) {
        double barriers = shared.isWithinWarp() ? 0 : (2 * shared.rounds() - 1) * costs.barrier();
        return barriers + (shared.storing().turns() + shared.loading().turns()) * costs.turn() / from.inputSize(WARP);
    }

    /// What shared memory costs at least, so that its layout need not be searched when shuffles are cheaper anyway.
    private double leastSharedCost(LinearLayout from, LinearLayout to, int elementBytes) {
        int stored = from.registers() >>> Integer.bitCount(from.freeBits(REGISTER));
        int loaded = to.registers() >>> Integer.bitCount(to.freeBits(REGISTER));
        double instructions = Math.ceil((double) stored * elementBytes / model.largestStore())
                + Math.ceil((double) loaded * elementBytes / model.largestLoad());
        return instructions * costs.turn();
    }

    /// Whether data stays in its warp and block, and the warp only adds to registers and lanes.
    private static boolean isWithinWarp(LinearLayout source) {
        return isKept(source, BLOCK) && isKept(source, WARP) && source.inputBits(BLOCK) == 0;
    }

    /// Whether the source is in the same lane (warp, block) as the result.
    private static boolean isKept(LinearLayout source, String place) {
        for (String input : LinearLayout.PLACES) {
            for (int bit = 0; bit < source.inputBits(input); bit++) {
                int kept = input.equals(place) ? 1 << bit : 0;
                if (source.outputValue(place, source.basis(input, bit)) != kept) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean dependsOnRegistersOnly(LinearLayout source, String place) {
        for (String input : List.of(LANE, WARP, BLOCK)) {
            for (long basis : source.bases(input)) {
                if (source.outputValue(place, basis) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private static void requireComparable(LinearLayout from, LinearLayout to) {
        if (!from.outputs().equals(to.outputs())) {
            throw new IllegalArgumentException("layouts of different tiles: " + from.outputs() + " and " + to.outputs());
        }
        for (String place : List.of(LANE, WARP, BLOCK)) {
            if (from.inputBits(place) != to.inputBits(place)) {
                throw new IllegalArgumentException("layouts of different numbers of threads: " + from + " and " + to);
            }
        }
    }
}
