// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import kcc.passes.layout.Halves;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

class GatherLoweringTest {
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private static String dimensions(int[] shape) {
        return String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
    }

    private static int product(int[] shape, int from) {
        return Arrays.stream(shape, from, shape.length).reduce(1, (a, b) -> a * b);
    }

    /// Indices outside of the source give zero.
    @Test
    void elementsAreChosenInRandomLayouts() {
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int[] from = RandomLayouts.shape(random, 3, 7);
            int axis = random.nextInt(from.length);
            int[] to = from.clone();
            to[axis] = 1 << random.nextInt(5);
            int wide = random.nextBoolean() ? 64 : 32;
            LinearLayout source = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), from);
            LinearLayout result = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), to);
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %3$s>
                    %%v = kcc.load %%p[%%i] : !kcc.ptr<f16>, tensor<%1$dxi32, %3$s> -> tensor<%1$dxf16, %3$s>
                    %%x = kcc.reshape %%v : tensor<%1$dxf16, %3$s> -> tensor<%2$sxf16, %4$s>
                    %%j = kcc.arange : tensor<%5$dxi32, %7$s>
                    %%w = kcc.load %%q[%%j] : !kcc.ptr<i%10$d>, tensor<%5$dxi32, %7$s> -> tensor<%5$dxi%10$d, %7$s>
                    %%y = kcc.reshape %%w : tensor<%5$dxi%10$d, %7$s> -> tensor<%6$sxi%10$d, %8$s>
                    %%z = kcc.gather %%x[%%y] axis %9$d : tensor<%2$sxf16, %4$s>, tensor<%6$sxi%10$d, %8$s> -> tensor<%6$sxf16, %8$s>
                    %%r = kcc.reshape %%z : tensor<%6$sxf16, %8$s> -> tensor<%5$dxf16, %7$s>
                    kcc.store %%r, %%s[%%j] : tensor<%5$dxf16, %7$s>, !kcc.ptr<f16>, tensor<%5$dxi32, %7$s>
                    """.formatted(product(from, 0), dimensions(from), source.reshape(product(from, 0)), source,
                    product(to, 0), dimensions(to), result.reshape(product(to, 0)), result, axis, wide);
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps,
                    "%p: !kcc.ptr<f16>, %q: !kcc.ptr<i" + wide + ">, %s: !kcc.ptr<f16>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 2 * product(from, 0), false);
                SimulatedMemory q = new SimulatedMemory("q", 8 * product(to, 0), false);
                SimulatedMemory s = new SimulatedMemory("s", 2 * product(to, 0), false);
                for (int i = 0; i < product(from, 0); i++) {
                    p.bytes.putShort(2 * i, Float.floatToFloat16(i + 1));
                }
                long[] index = new long[product(to, 0)];
                for (int i = 0; i < index.length; i++) {
                    index[i] = random.nextInt(8) == 0 && wide == 64 ? 1L << 32 : random.nextInt(-1, from[axis] + 1);
                    if (wide == 64) {
                        q.bytes.putLong(8 * i, index[i]);
                    } else {
                        q.bytes.putInt(4 * i, (int) index[i]);
                    }
                }
                kernel.lowered().run(p, q, s);
                int stride = product(from, axis + 1);
                for (int i = 0; i < index.length; i++) {
                    int inner = i % stride;
                    int outer = i / stride / to[axis];
                    boolean isInside = index[i] >= 0 && index[i] < from[axis];
                    float expected = isInside ? (outer * from[axis] + index[i]) * stride + inner + 1 : 0;
                    assertEquals(expected, Float.float16ToFloat(s.bytes.getShort(2 * i)),
                            "seed " + seed + " element " + i + " axis " + axis + " " + source + " " + result);
                }
            }
        }
    }

    @Test
    void valuesAreCountedInRandomLayouts() {
        for (int round = 0; round < 40; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int size = 1 << random.nextInt(8);
            int bins = 1 << random.nextInt(8);
            boolean isMasked = random.nextBoolean();
            LinearLayout source = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), size);
            LinearLayout result = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), bins);
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%x = kcc.load %%p[%%i] : !kcc.ptr<i32>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxi32, %2$s>
                    %%c = arith.constant dense<%6$d> : tensor<%1$dxi32, %2$s>
                    %%m = arith.cmpi slt, %%i, %%c : tensor<%1$dxi32, %2$s>
                    %%h = kcc.histogram %%x %5$s : tensor<%1$dxi32, %2$s> -> tensor<%3$dxi32, %4$s>
                    %%j = kcc.arange : tensor<%3$dxi32, %4$s>
                    kcc.store %%h, %%q[%%j] : tensor<%3$dxi32, %4$s>, !kcc.ptr<i32>, tensor<%3$dxi32, %4$s>
                    """.formatted(size, source, bins, result, isMasked ? "mask %m" : "", size / 2);
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<i32>, %q: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 4 * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * bins, false);
                int[] expected = new int[bins];
                for (int i = 0; i < size; i++) {
                    int value = random.nextInt(-1, bins + 1);
                    p.bytes.putInt(4 * i, value);
                    if (value >= 0 && value < bins && (!isMasked || i < size / 2)) {
                        expected[value]++;
                    }
                }
                kernel.lowered().run(p, q);
                for (int bin = 0; bin < bins; bin++) {
                    assertEquals(expected[bin], q.bytes.getInt(4 * bin), "seed " + seed + " bin " + bin + " " + source + " " + result);
                }
            }
        }
    }

    /// Whatever register bit tells the halves apart.
    @Test
    void halvesAreJoinedAndSplit() {
        for (int round = 0; round < 40; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int size = 1 << random.nextInt(7);
            LinearLayout half = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), size);
            LinearLayout whole = Halves.joined(half);
            int bits = whole.inputBits(LinearLayout.REGISTER);
            int place = random.nextInt(bits);
            int[] order = new int[bits];
            for (int bit = 0; bit < bits; bit++) {
                order[bit] = bit < place ? bit : bit == place ? bits - 1 : bit - 1;
            }
            LinearLayout joined = whole.permuteBits(LinearLayout.REGISTER, order);
            assertEquals(place, Halves.registerBit(joined));
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%h = arith.constant dense<1000> : tensor<%1$dxi32, %2$s>
                    %%a = arith.addi %%i, %%h : tensor<%1$dxi32, %2$s>
                    %%j = kcc.join %%i, %%a : tensor<%1$dxi32, %2$s> -> tensor<%1$dx2xi32, %3$s>
                    %%r = kcc.reshape %%j : tensor<%1$dx2xi32, %3$s> -> tensor<%5$dxi32, %4$s>
                    %%k = kcc.arange : tensor<%5$dxi32, %4$s>
                    kcc.store %%r, %%p[%%k] : tensor<%5$dxi32, %4$s>, !kcc.ptr<i32>, tensor<%5$dxi32, %4$s>
                    %%x, %%y = kcc.split %%j : tensor<%1$dx2xi32, %3$s> -> tensor<%1$dxi32, %2$s>
                    kcc.store %%x, %%q[%%a] : tensor<%1$dxi32, %2$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %2$s>
                    kcc.store %%y, %%q[%%i] : tensor<%1$dxi32, %2$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %2$s>
                    """.formatted(size, half, joined, joined.reshape(2 * size), 2 * size);
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<i32>, %q: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 8 * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * (1000 + size), false);
                kernel.lowered().run(p, q);
                for (int i = 0; i < size; i++) {
                    assertEquals(i, p.bytes.getInt(8 * i), "seed " + seed + " " + joined);
                    assertEquals(1000 + i, p.bytes.getInt(8 * i + 4), "seed " + seed + " " + joined);
                    assertEquals(i, q.bytes.getInt(4 * (1000 + i)), "seed " + seed + " " + joined);
                    assertEquals(1000 + i, q.bytes.getInt(4 * i), "seed " + seed + " " + joined);
                }
            }
        }
    }
}
