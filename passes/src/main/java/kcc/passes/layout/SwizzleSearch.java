// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.OFFSET;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The shared memory layout through which a tile goes from one distributed layout to another in the fewest turns.
///
/// Offset bits, low to high: those of a vector, those of a bank, those of a segment (a line of all banks), the round.
/// A vector is made of tile vectors that registers of both sides (or of one) walk. Two lanes of a phase collide when
/// their elements differ by a vector of the span of segments, so the segments are chosen to meet the span of the storing
/// lanes and that of the loading lanes in 0 only: vectors outside of both, and sums of one of each (Zhou et al.,
/// arXiv 2505.23819, section on optimal swizzling). Candidates are compared by their exact number of turns; where none is
/// free of conflicts the plain tile and padded rows compete too.
final class SwizzleSearch {
    /// A way through shared memory.
    record Candidate(SharedAccess store, SharedAccess load, BankConflicts storing, BankConflicts loading) {
        long turns() {
            return storing.turns() + loading.turns();
        }

        long instructions() {
            return storing.instructions() + loading.instructions();
        }

        /// Whether every bank works in every turn and every access is as wide as can be: nothing is better.
        boolean isIdeal(BankModel model) {
            return store.vectorBytes() == model.largestStore() && load.vectorBytes() == model.largestLoad()
                    && storing.isConflictFree() && loading.isConflictFree();
        }

        boolean isBetterThan(Candidate other) {
            if (turns() != other.turns()) {
                return turns() < other.turns();
            }
            if (instructions() != other.instructions()) {
                return instructions() < other.instructions();
            }
            return store.bufferElements() < other.store.bufferElements();
        }
    }

    private final LinearLayout from;
    private final LinearLayout to;
    private final int elementBytes;
    private final BankModel model;
    private final int roundBits;
    private final int dimension;

    SwizzleSearch(LinearLayout from, LinearLayout to, int elementBytes, BankModel model, int roundBits) {
        this.from = from;
        this.to = to;
        this.elementBytes = elementBytes;
        this.model = model;
        this.roundBits = roundBits;
        this.dimension = from.outputBits();
    }

    Candidate best() {
        int limit = Math.min(model.largestLoad(), model.largestStore()) / elementBytes;
        int longest = Math.min(Dim.log2(Math.max(1, limit), "largest vector"), dimension - roundBits);
        Candidate best = null;
        Set<List<Long>> tried = new HashSet<>();
        for (List<Long> order : vectorOrders()) {
            for (int length = Math.min(longest, order.size()); length >= 0; length--) {
                List<Long> vector = order.subList(0, length);
                if (tried.add(vector)) {
                    best = better(best, swizzle(vector));
                    if (best.isIdeal(model)) {
                        return best;
                    }
                }
            }
        }
        if (roundBits == 0 && !(best.storing().isConflictFree() && best.loading().isConflictFree())) {
            best = better(best, plain());
            int row = from.rank() == 0 ? 1 : from.shape()[from.rank() - 1];
            for (int padding = 1; padding <= limit && row > 1; padding *= 2) {
                best = better(best, plain().padded(row, padding));
            }
        }
        return best;
    }

    private Candidate better(Candidate best, SharedLayout shared) {
        SharedAccess store = SharedAccess.store(from, shared, elementBytes, model, roundBits);
        SharedAccess load = SharedAccess.load(to, shared, elementBytes, model, roundBits);
        if (best != null && store.leastTurns(model) + load.leastTurns(model) > best.turns()) {
            return best;
        }
        Candidate candidate = new Candidate(store, load, store.conflicts(model), load.conflicts(model));
        return best == null || candidate.isBetterThan(best) ? candidate : best;
    }

    private SharedLayout plain() {
        return SharedLayout.plain(BlockedLayout.rowMajor(from.rank()), from.shape());
    }

    /// The tile vectors a vector in memory may be made of: those both sides walk with registers, continued by those of one
    /// side.
    private List<List<Long>> vectorOrders() {
        long[] stored = from.bases(REGISTER);
        long[] loaded = to.bases(REGISTER);
        Span storedSpan = Span.of(stored);
        List<Long> common = new ArrayList<>();
        Span taken = new Span();
        for (long vector : loaded) {
            if (storedSpan.contains(vector) && taken.add(vector)) {
                common.add(vector);
            }
        }
        for (long vector : Span.intersection(stored, loaded)) {
            if (taken.add(vector)) {
                common.add(vector);
            }
        }
        List<List<Long>> orders = new ArrayList<>();
        orders.add(common);
        orders.add(continued(common, stored));
        orders.add(continued(common, loaded));
        return orders;
    }

    private static List<Long> continued(List<Long> common, long[] registers) {
        List<Long> continued = new ArrayList<>(common);
        Span taken = new Span();
        for (long vector : common) {
            taken.add(vector);
        }
        for (long vector : registers) {
            if (taken.add(vector)) {
                continued.add(vector);
            }
        }
        return continued;
    }

    private SharedLayout swizzle(List<Long> vector) {
        long[] rounds = roundFunctionals(vector);
        Basis basis = new Basis(rounds);
        for (long tile : vector) {
            basis.add(tile);
        }
        int vectorBits = basis.size();
        int innerBits = dimension - roundBits;
        int lineBytes = model.load(Math.max(1, elementBytes << vectorBits)).banks() * model.bankBytes();
        int lineBits = Math.min(innerBits, Math.max(vectorBits, Dim.log2(Math.max(1, lineBytes / elementBytes), "line")));
        long[] storing = phaseLanes(from, model.store(accessBytes(from, vector)), basis);
        long[] loading = phaseLanes(to, model.load(accessBytes(to, vector)), basis);

        Span both = basis.span();
        List<Long> shared = new ArrayList<>();
        for (long tile : commonLanes(basis, storing, loading)) {
            if (both.add(tile)) {
                shared.add(tile);
            }
        }
        // Elements of one word never collide: complete the word with lanes that both sides walk, else with storing ones.
        int wordBits = Dim.log2(Math.max(1, model.bankBytes() / elementBytes), "elements of a word");
        List<Long> storingOnly = independent(both, storing);
        List<Long> loadingOnly = independent(both, loading);
        List<Long> word = new ArrayList<>(shared);
        word.addAll(storingOnly);
        basis.fill(word, Math.min(wordBits, innerBits));

        List<Long> segments = segments(basis, storingOnly, loadingOnly, storing, loading, innerBits - lineBits);
        Basis line = basis.copy();
        Span reserved = line.span();
        for (long tile : segments) {
            reserved.add(tile);
        }
        line.fillBeside(reserved, shared, lineBits);
        line.fillBeside(reserved, storingOnly, lineBits);
        line.fillBeside(reserved, loadingOnly, lineBits);
        line.fillBeside(reserved, threads(), lineBits);
        line.fillBeside(reserved, units(), lineBits);
        line.fill(segments, innerBits);
        line.fill(threads(), innerBits);
        line.fill(units(), innerBits);
        return SharedLayout.of(line.layout(from));
    }

    /// Vectors that meet neither the storing nor the loading lanes.
    private List<Long> segments(Basis basis, List<Long> storingOnly, List<Long> loadingOnly, long[] storing, long[] loading,
            int wanted) {
        Span lanes = basis.span();
        for (long tile : storing) {
            lanes.add(tile);
        }
        for (long tile : loading) {
            lanes.add(tile);
        }
        List<Long> segments = new ArrayList<>();
        List<Long> outside = threads();
        outside.addAll(units());
        for (long tile : outside) {
            if (segments.size() < wanted && basis.isInside(tile) && lanes.add(tile)) {
                segments.add(tile);
            }
        }
        Span taken = basis.span();
        List<Long> pairedStoring = independent(taken, toArray(storingOnly));
        Span takenLoading = basis.span();
        List<Long> pairedLoading = independent(takenLoading, toArray(loadingOnly));
        for (int i = 0; i < Math.min(pairedStoring.size(), pairedLoading.size()) && segments.size() < wanted; i++) {
            segments.add(pairedStoring.get(i) ^ pairedLoading.get(i));
        }
        return segments;
    }

    /// Members of both spans of lanes, written as sums of storing lanes so that vectors keep their low bits to themselves.
    private static List<Long> commonLanes(Basis basis, long[] storing, long[] loading) {
        long[] vector = basis.vectors();
        long[] first = concat(vector, storing);
        Span span = Span.of(first);
        List<Long> common = new ArrayList<>();
        for (long tile : Span.intersection(first, concat(vector, loading))) {
            long lanes = span.combination(tile) >>> vector.length;
            if (lanes != 0) {
                common.add(Span.sum(storing, lanes));
            }
        }
        return common;
    }

    private static List<Long> independent(Span base, long[] vectors) {
        Span span = base.copy();
        List<Long> independent = new ArrayList<>();
        for (long vector : vectors) {
            if (span.add(vector)) {
                independent.add(vector);
            }
        }
        return independent;
    }

    /// The bytes a side moves at once if its registers walk the beginning of the vector.
    private int accessBytes(LinearLayout side, List<Long> vector) {
        Span registers = Span.of(side.bases(REGISTER));
        int bits = 0;
        while (bits < vector.size() && registers.contains(vector.get(bits))) {
            bits++;
        }
        return elementBytes << bits;
    }

    private static long[] phaseLanes(LinearLayout side, BankModel.Access way, Basis basis) {
        long[] lanes = side.bases(LANE);
        List<Long> tiles = new ArrayList<>();
        for (int lane : way.phase()) {
            long tile = Span.sum(lanes, lane & (1L << lanes.length) - 1);
            if (basis.isInside(tile)) {
                tiles.add(tile);
            }
        }
        return toArray(tiles);
    }

    private List<Long> threads() {
        List<Long> threads = new ArrayList<>();
        for (String place : List.of(LANE, WARP)) {
            for (long tile : from.bases(place)) {
                threads.add(tile);
            }
            for (long tile : to.bases(place)) {
                threads.add(tile);
            }
        }
        return threads;
    }

    private List<Long> units() {
        List<Long> units = new ArrayList<>();
        for (int bit = 0; bit < dimension; bit++) {
            units.add(1L << bit);
        }
        return units;
    }

    /// Linear functions of the tile whose values number the rounds. They are constant on vectors, and if possible on what
    /// a whole warp or even block touches at once, so that a round is chosen by registers alone.
    private long[] roundFunctionals(List<Long> vector) {
        Span chosen = new Span();
        List<Long> functionals = new ArrayList<>();
        List<List<String>> levels = List.of(List.of(LANE, WARP), List.of(LANE), List.of());
        for (List<String> places : levels) {
            List<Long> constantOn = new ArrayList<>(vector);
            for (String place : places) {
                for (long tile : from.bases(place)) {
                    constantOn.add(tile);
                }
                for (long tile : to.bases(place)) {
                    constantOn.add(tile);
                }
            }
            long[] reduced = Span.of(toArray(constantOn)).basis();
            for (long functional : new BitMatrix(dimension, reduced).transpose().kernel()) {
                if (functionals.size() < roundBits && chosen.add(functional)) {
                    functionals.add(functional);
                }
            }
        }
        return toArray(functionals);
    }

    static long[] toArray(List<Long> list) {
        long[] array = new long[list.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = list.get(i);
        }
        return array;
    }

    private static long[] concat(long[] first, long[] second) {
        long[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /// Tile vectors of offset bits in order, all in the subspace of the first round.
    private static final class Basis {
        private final long[] rounds;
        private final List<Long> vectors = new ArrayList<>();
        private Span span = new Span();

        Basis(long[] rounds) {
            this.rounds = rounds;
        }

        boolean isInside(long tile) {
            for (long functional : rounds) {
                if ((Long.bitCount(functional & tile) & 1) != 0) {
                    return false;
                }
            }
            return true;
        }

        void add(long tile) {
            if (isInside(tile) && span.add(tile)) {
                vectors.add(tile);
            }
        }

        /// Adds independent vectors until there are `size`. Vectors of other rounds are moved into the first.
        void fill(List<Long> tiles, int size) {
            for (long tile : tiles) {
                if (vectors.size() < size) {
                    add(moved(tile));
                }
            }
        }

        /// As [#fill(List, int)], but only with vectors independent of `reserved` too, which grows.
        void fillBeside(Span reserved, List<Long> tiles, int size) {
            for (long tile : tiles) {
                long inside = moved(tile);
                if (vectors.size() < size && isInside(inside) && reserved.add(inside)) {
                    add(inside);
                }
            }
        }

        /// The vector plus those that lead back to the first round.
        private long moved(long tile) {
            long moved = tile;
            if (rounds.length > 0) {
                BitMatrix back = backToFirst();
                for (int i = 0; i < rounds.length; i++) {
                    if ((Long.bitCount(rounds[i] & tile) & 1) != 0) {
                        moved ^= back.column(i);
                    }
                }
            }
            return moved;
        }

        /// Column i has functional i at 1 and the others at 0.
        private BitMatrix backToFirst() {
            int dimension = BitMatrix.LIMIT;
            return new BitMatrix(dimension, rounds).transpose().rightInverse();
        }

        int size() {
            return vectors.size();
        }

        long[] vectors() {
            return toArray(vectors);
        }

        Span span() {
            return span.copy();
        }

        Basis copy() {
            Basis copy = new Basis(rounds);
            copy.vectors.addAll(vectors);
            copy.span = span.copy();
            return copy;
        }

        LinearLayout layout(LinearLayout ofTile) {
            LayoutBuilder builder = LinearLayout.ofTile(ofTile.shape()).declare(OFFSET);
            for (long tile : vectors) {
                builder.basis(OFFSET, tile);
            }
            if (rounds.length > 0) {
                BitMatrix back = backToFirst();
                for (int i = 0; i < rounds.length; i++) {
                    builder.basis(OFFSET, back.column(i));
                }
            }
            return builder.build();
        }
    }
}
