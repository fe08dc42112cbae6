// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.Random;

/// Layouts for property tests; a seed makes them reproducible.
public final class RandomLayouts {
    private RandomLayouts() {}

    public static int[] shape(Random random, int maxRank, int maxBits) {
        int[] shape = new int[1 + random.nextInt(maxRank)];
        int bits = random.nextInt(maxBits + 1);
        java.util.Arrays.fill(shape, 1);
        for (int i = 0; i < bits; i++) {
            shape[random.nextInt(shape.length)] *= 2;
        }
        return shape;
    }

    /// A surjective layout made of unit vectors in random places, with copies where places are left over; with `mixed`
    /// vectors are added to each other, which gives swizzles and copies that show only as dependent bases.
    public static LinearLayout surjective(Random random, int lanes, int warps, boolean mixed, int... shape) {
        LayoutBuilder empty = LinearLayout.ofTile(shape);
        int bits = empty.build().outputBits();
        int threadBits = lanes + warps;
        int registers = Math.max(bits - random.nextInt(threadBits + 1), 0) + (random.nextInt(3) == 0 ? 1 : 0);
        int count = Math.max(registers + threadBits, bits);
        long[] vectors = new long[count];
        for (int i = 0; i < bits; i++) {
            vectors[i] = 1L << i;
        }
        if (mixed) {
            for (int i = bits; i < count && bits > 0; i++) {
                vectors[i] = random.nextBoolean() ? 0 : random.nextLong(1L << bits);
            }
            for (int step = 0; step < 2 * bits; step++) {
                int to = random.nextInt(bits);
                int from = random.nextInt(bits);
                if (to != from) {
                    vectors[to] ^= vectors[from];
                }
            }
        }
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            long swapped = vectors[i];
            vectors[i] = vectors[j];
            vectors[j] = swapped;
        }
        LayoutBuilder builder = LinearLayout.ofTile(shape);
        for (int i = 0; i < count; i++) {
            builder.basis(i < lanes ? LANE : i < threadBits ? WARP : REGISTER, vectors[i]);
        }
        return builder.build();
    }
}
