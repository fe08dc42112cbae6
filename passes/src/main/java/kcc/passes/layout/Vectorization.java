// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.List;

/// How the registers of a thread group into vectors of neighbours along one output dimension of a layout.
///
/// A vector is aligned to its own size: its first element has a coordinate divisible by the width in every thread. The
/// registers of a vector need not be neighbours: vector bit i flips the registers in mask i.
///
/// ```text
///   register = [[0, 4], [0, 1], [0, 2]], lane = [[0, 8], ...]    width 4, masks 2, 4
///   vector 0 = registers 0 2 4 6,  vector 1 = registers 1 3 5 7
/// ```
///
/// Registers that hold copies of others are in no vector: [#original(int)] names the one that is loaded.
public final class Vectorization {
    private final int[] masks;
    private final int[] firsts;
    private final int[] originals;

    private Vectorization(int[] masks, int[] firsts, int[] originals) {
        this.masks = masks;
        this.firsts = firsts;
        this.originals = originals;
    }

    /// What is known of the addresses of a tile along the fastest dimension, all in elements and powers of two (or cut down
    /// to one): `contiguity` neighbours have consecutive addresses, runs of that length begin at multiples of `alignment`,
    /// and the mask has one value for runs of `constancy` elements.
    public record AddressFacts(long contiguity, long alignment, long constancy) {
        public AddressFacts {
            if (contiguity < 1 || alignment < 1 || constancy < 1) {
                throw new IllegalArgumentException("contiguity, alignment and constancy are at least 1");
            }
        }

        /// The same addresses with a mask that never changes.
        public AddressFacts unmasked() {
            return new AddressFacts(contiguity, alignment, 1L << 62);
        }

        /// The widest vector these facts allow.
        public int widest() {
            long width = Math.min(Math.min(powerOfTwo(contiguity), powerOfTwo(alignment)), powerOfTwo(constancy));
            return (int) Math.min(width, 1 << 30);
        }

        /// The largest power of two dividing the value.
        private static long powerOfTwo(long value) {
            return Long.lowestOneBit(value);
        }
    }

    /// The widest vectors along dimension `axis` of a tile layout.
    ///
    /// @param maxElements limit of the machine, a power of two
    public static Vectorization of(LinearLayout layout, int axis, AddressFacts facts, int maxElements) {
        return of(layout, layout.outputs().get(axis).name(), Math.min(maxElements, facts.widest()));
    }

    /// The widest vectors along an output dimension, at most `maxElements` wide.
    public static Vectorization of(LinearLayout layout, String output, int maxElements) {
        int index = LinearLayout.find(layout.outputs(), output);
        int low = LinearLayout.shift(layout.outputs(), index);
        int limit = Math.min(Dim.log2(maxElements, "largest vector"), layout.outputs().get(index).bits());
        long[] registers = layout.bases(LinearLayout.REGISTER);
        Span span = Span.of(registers);
        List<Integer> masks = new ArrayList<>();
        while (masks.size() < limit) {
            int bit = low + masks.size();
            if (!span.contains(1L << bit) || otherThreadsTouch(layout, bit)) {
                break;
            }
            masks.add((int) span.combination(1L << bit));
        }
        return grouped(layout, masks, low);
    }

    public int width() {
        return 1 << masks.length;
    }

    /// The number of vectors of a thread, copies not counted.
    public int vectors() {
        return firsts.length;
    }

    /// The register that holds element `element` of vector `vector`.
    public int register(int vector, int element) {
        int register = firsts[vector];
        for (int bit = 0; bit < masks.length; bit++) {
            if ((element >>> bit & 1) != 0) {
                register ^= masks[bit];
            }
        }
        return originals[register];
    }

    /// The register that stands for all registers of the thread with the same element: the lowest of them.
    public int original(int register) {
        return originals[register];
    }

    /// The low bits of the coordinate must come from registers alone, else a thread's vector would begin elsewhere.
    private static boolean otherThreadsTouch(LinearLayout layout, int bit) {
        for (Dim input : layout.inputs()) {
            if (!input.name().equals(LinearLayout.REGISTER)) {
                for (long basis : layout.bases(input.name())) {
                    if ((basis >>> bit & 1) != 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Vectorization grouped(LinearLayout layout, List<Integer> masks, int low) {
        int[] originals = originals(layout);
        long inVector = (1L << masks.size()) - 1 << low;
        List<Integer> firsts = new ArrayList<>();
        for (int register = 0; register < originals.length; register++) {
            if (originals[register] == register && (layout.apply(layout.input(LinearLayout.REGISTER, register)) & inVector) == 0) {
                firsts.add(register);
            }
        }
        int[] maskArray = new int[masks.size()];
        for (int i = 0; i < maskArray.length; i++) {
            maskArray[i] = masks.get(i);
        }
        int[] firstArray = new int[firsts.size()];
        for (int i = 0; i < firstArray.length; i++) {
            firstArray[i] = firsts.get(i);
        }
        return new Vectorization(maskArray, firstArray, originals);
    }

    /// For each register the lowest register of the same thread that holds the same element.
    static int[] originals(LinearLayout layout) {
        long[] bases = layout.bases(LinearLayout.REGISTER);
        Span span = Span.of(bases);
        int[] originals = new int[1 << bases.length];
        for (int register = 0; register < originals.length; register++) {
            originals[register] = (int) span.combination(Span.sum(bases, register));
        }
        return originals;
    }
}
