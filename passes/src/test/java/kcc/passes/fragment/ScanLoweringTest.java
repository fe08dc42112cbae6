// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

class ScanLoweringTest {
    /// Composition of functions x -> a x + b: associative but not commutative, and the constants tell the order.
    @Test
    void ordersAreKeptInRandomLayouts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int size = 1 << random.nextInt(8);
            boolean isReverse = random.nextBoolean();
            LinearLayout layout = RandomLayouts.surjective(random, lanes, warps, false, size);
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%a = kcc.load %%p[%%i] : !kcc.ptr<i64>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxi64, %2$s>
                    %%b = kcc.load %%q[%%i] : !kcc.ptr<i32>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxi32, %2$s>
                    %%s:2 = kcc.scan %%a, %%b attributes {axis = 0 : i64%3$s} {
                    ^bb0(%%a0: i64, %%b0: i32, %%a1: i64, %%b1: i32):
                      %%a1n = arith.trunci %%a1 : i64 to i32
                      %%m = arith.muli %%a0, %%a1 : i64
                      %%n = arith.muli %%a1n, %%b0 : i32
                      %%o = arith.addi %%n, %%b1 : i32
                      kcc.yield %%m, %%o : i64, i32
                    } : tensor<%1$dxi64, %2$s>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxi64, %2$s>, tensor<%1$dxi32, %2$s>
                    kcc.store %%s#0, %%p[%%i] : tensor<%1$dxi64, %2$s>, !kcc.ptr<i64>, tensor<%1$dxi32, %2$s>
                    kcc.store %%s#1, %%q[%%i] : tensor<%1$dxi32, %2$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %2$s>
                    """.formatted(size, layout, isReverse ? ", reverse" : "");
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<i64>, %q: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 8 * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * size, false);
                long[] expectedA = new long[size];
                int[] expectedB = new int[size];
                for (int i = 0; i < size; i++) {
                    expectedA[i] = random.nextLong();
                    expectedB[i] = random.nextInt();
                    p.bytes.putLong(8 * i, expectedA[i]);
                    q.bytes.putInt(4 * i, expectedB[i]);
                }
                for (int k = 1; k < size; k++) {
                    int i = isReverse ? size - 1 - k : k;
                    int before = isReverse ? i + 1 : i - 1;
                    expectedB[i] = (int) expectedA[i] * expectedB[before] + expectedB[i];
                    expectedA[i] = expectedA[before] * expectedA[i];
                }
                kernel.lowered().run(p, q);
                for (int i = 0; i < size; i++) {
                    String which = "seed " + seed + " element " + i + " reverse " + isReverse + " " + layout;
                    assertEquals(expectedA[i], p.bytes.getLong(8 * i), which);
                    assertEquals(expectedB[i], q.bytes.getInt(4 * i), which);
                }
            }
        }
    }

    /// Tiles of any rank along any of their axes; subtraction from the end would show a wrong order at once.
    @Test
    void anyAxisOfAnyRank() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int[] shape = RandomLayouts.shape(random, 3, 8);
            int axis = random.nextInt(shape.length);
            boolean isReverse = random.nextBoolean();
            LinearLayout layout = RandomLayouts.surjective(random, lanes, warps, false, shape);
            int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            String tile = String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %3$s>
                    %%a = kcc.load %%p[%%i] : !kcc.ptr<i32>, tensor<%1$dxi32, %3$s> -> tensor<%1$dxi32, %3$s>
                    %%x = kcc.reshape %%a : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
                    %%k = kcc.reshape %%i : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
                    %%s:2 = kcc.scan %%x, %%k attributes {axis = %5$d : i64%6$s} {
                    ^bb0(%%a0: i32, %%b0: i32, %%a1: i32, %%b1: i32):
                      %%m = arith.muli %%a0, %%a1 : i32
                      %%n = arith.muli %%a1, %%b0 : i32
                      %%o = arith.addi %%n, %%b1 : i32
                      kcc.yield %%m, %%o : i32, i32
                    } : tensor<%2$sxi32, %4$s>, tensor<%2$sxi32, %4$s> -> tensor<%2$sxi32, %4$s>, tensor<%2$sxi32, %4$s>
                    %%r = kcc.reshape %%s#1 : tensor<%2$sxi32, %4$s> -> tensor<%1$dxi32, %3$s>
                    kcc.store %%r, %%p[%%i] : tensor<%1$dxi32, %3$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %3$s>
                    """.formatted(size, tile, layout.reshape(size), layout, axis, isReverse ? ", reverse" : "");
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 4 * size, false);
                int[] factors = new int[size];
                for (int i = 0; i < size; i++) {
                    factors[i] = random.nextInt();
                    p.bytes.putInt(4 * i, factors[i]);
                }
                kernel.lowered().run(p);
                int stride = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
                for (int i = 0; i < size; i++) {
                    int here = i / stride % shape[axis];
                    int expected = 0;
                    for (int step = 0; step <= (isReverse ? shape[axis] - 1 - here : here); step++) {
                        int at = i + ((isReverse ? shape[axis] - 1 : 0) + (isReverse ? -step : step) - here) * stride;
                        expected = step == 0 ? at : factors[at] * expected + at;
                    }
                    assertEquals(expected, p.bytes.getInt(4 * i), "seed " + seed + " element " + i + " axis " + axis + " reverse "
                            + isReverse + " " + layout);
                }
            }
        }
    }
}
