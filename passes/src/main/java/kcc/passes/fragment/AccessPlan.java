// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.layout.Vectorization;
import kcc.passes.layout.Vectorization.AddressFacts;

/// How the registers of one access to global memory group into instructions.
///
/// @param vectors      registers of each instruction, neighbours in memory from the first on
/// @param isMaskSplit  whether the mask may differ inside of a vector: a thread with a false element then goes one by one
/// @param idleLaneBits bits of the lane number that only make copies: a writer has them at 0
/// @param idleWarpBits the same of the warp number
/// @param idleBlockBits the same of the number of the block in its cluster
/// @param window       the positions where the mask is true, where that is known and ends inside of vectors; else null
/// @param selection    what is made of the elements at the same time; null for nothing
/// @param isUnaligned  whether vectors of a load begin at any element, so that each is put together from two that are aligned
/// @param why          what keeps the vector from being wider; null if it is as wide as the machine's
record AccessPlan(List<List<Integer>> vectors, boolean isMaskSplit, int idleLaneBits, int idleWarpBits, int idleBlockBits,
        Window window, Window.Selection selection, boolean isUnaligned, String why) {
    AccessPlan {
        vectors = vectors.stream().map(List::copyOf).toList();
    }

    /// An access of one element by every thread (a load) or the first thread (a store or atomic update).
    static AccessPlan scalar(int laneBits, int warpBits, int blockBits) {
        return new AccessPlan(List.of(List.of(0)), false, (1 << laneBits) - 1, (1 << warpBits) - 1, (1 << blockBits) - 1,
                null, null, false, null);
    }

    /// An access of one element at a time.
    static AccessPlan single(Registers registers) {
        List<List<Integer>> vectors = new ArrayList<>();
        for (int register : registers.distinct()) {
            vectors.add(List.of(register));
        }
        return of(registers, vectors, false, null);
    }

    /// An access by vectors along dimension `axis`.
    static AccessPlan vectors(Registers registers, int axis, AddressFacts facts, int elementBytes, int maxBytes) {
        int most = Math.max(1, maxBytes / elementBytes);
        Vectorization vectorization = Vectorization.of(registers.layout(), axis, facts.unmasked(), most);
        boolean isMaskSplit = vectorization.width() > Long.lowestOneBit(facts.constancy());
        List<List<Integer>> vectors = new ArrayList<>();
        for (int vector = 0; vector < vectorization.vectors(); vector++) {
            List<Integer> neighbours = new ArrayList<>();
            for (int i = 0; i < vectorization.width(); i++) {
                neighbours.add(vectorization.register(vector, i));
            }
            vectors.add(neighbours);
        }
        return of(registers, vectors, isMaskSplit, vectorization.width() < most ? reason(facts, vectorization.width()) : null);
    }

    int width() {
        return vectors.getFirst().size();
    }

    private static AccessPlan of(Registers registers, List<List<Integer>> vectors, boolean isMaskSplit, String why) {
        return new AccessPlan(vectors, isMaskSplit, registers.layout().freeBits(LANE), registers.layout().freeBits(WARP),
                registers.layout().freeBits(BLOCK), null, null, false, why);
    }

    /// The same vectors, where the mask is a window.
    AccessPlan in(Window known, Window.Selection follows) {
        return new AccessPlan(vectors, isMaskSplit, idleLaneBits, idleWarpBits, idleBlockBits, known, follows, isUnaligned, why);
    }

    /// The same vectors, whatever the element they begin at.
    AccessPlan unaligned() {
        return new AccessPlan(vectors, isMaskSplit, idleLaneBits, idleWarpBits, idleBlockBits, window, selection, true, null);
    }

    private static String reason(AddressFacts facts, int width) {
        long contiguous = Long.lowestOneBit(facts.contiguity());
        long aligned = Long.lowestOneBit(facts.alignment());
        if (contiguous <= width) {
            return "addresses are consecutive in runs of " + contiguous + (contiguous == 1 ? " element" : " elements");
        }
        if (aligned <= width) {
            return "addresses are known to be divisible by " + aligned + (aligned == 1 ? " element" : " elements")
                    + " only; declare a divisibility of the pointer or of the sizes";
        }
        return "each thread holds " + width + (width == 1 ? " element" : " neighbours") + " of the tile";
    }
}
