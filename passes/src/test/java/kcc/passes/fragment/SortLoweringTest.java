// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

class SortLoweringTest {
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    private static final String SORT = """
            %%i = kcc.arange : tensor<%1$dxi32, %3$s>
            %%k = kcc.load %%p[%%i] : !kcc.ptr<i16>, tensor<%1$dxi32, %3$s> -> tensor<%1$dxi16, %3$s>
            %%x = kcc.reshape %%k : tensor<%1$dxi16, %3$s> -> tensor<%2$sxi16, %4$s>
            %%y = kcc.reshape %%i : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
            %%s:2 = kcc.sort %%x, %%y attributes {axis = %5$d : i64%6$s} {
            ^bb0(%%a: i16, %%ai: i32, %%b: i16, %%bi: i32):
              %%less = arith.cmpi slt, %%a, %%b : i16
              kcc.yield %%less : i1
            } : tensor<%2$sxi16, %4$s>, tensor<%2$sxi32, %4$s> -> tensor<%2$sxi16, %4$s>, tensor<%2$sxi32, %4$s>
            %%f = kcc.reshape %%s#0 : tensor<%2$sxi16, %4$s> -> tensor<%1$dxi16, %3$s>
            %%g = kcc.reshape %%s#1 : tensor<%2$sxi32, %4$s> -> tensor<%1$dxi32, %3$s>
            kcc.store %%f, %%p[%%i] : tensor<%1$dxi16, %3$s>, !kcc.ptr<i16>, tensor<%1$dxi32, %3$s>
            kcc.store %%g, %%q[%%i] : tensor<%1$dxi32, %3$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %3$s>
            """;

    /// Keys with many ties, along any axis of any layout; where a key came from travels along.
    @Test
    void rowsAreSortedInRandomLayouts() {
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int[] shape = RandomLayouts.shape(random, 3, 8);
            int axis = random.nextInt(shape.length);
            LinearLayout layout = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), shape);
            boolean isBitonic = round % 4 == 0;
            int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            String dimensions = String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
            String body = SORT.formatted(size, dimensions, layout.reshape(size), layout, axis, isBitonic ? ", bitonic" : "");
            short[] keys = new short[size];
            for (int i = 0; i < size; i++) {
                keys[i] = (short) random.nextInt(-20, 20);
            }
            int stride = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
            int length = shape[axis];
            if (isBitonic) {
                forEachRow(size, stride, length, first -> makeBitonic(keys, first, stride, length));
            }
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<i16>, %q: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 2 * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * size, false);
                for (int i = 0; i < size; i++) {
                    p.bytes.putShort(2 * i, keys[i]);
                }
                kernel.lowered().run(p, q);
                forEachRow(size, stride, length, first -> {
                    String which = "seed " + seed + " row " + first + " axis " + axis + " bitonic " + isBitonic + " " + layout;
                    short[] expected = new short[length];
                    boolean[] seen = new boolean[length];
                    for (int i = 0; i < length; i++) {
                        expected[i] = keys[first + i * stride];
                    }
                    Arrays.sort(expected);
                    for (int i = 0; i < length; i++) {
                        int at = first + i * stride;
                        assertEquals(expected[i], p.bytes.getShort(2 * at), which);
                        int from = q.bytes.getInt(4 * at);
                        assertEquals(keys[from], expected[i], which);
                        assertEquals(first, from - (from / stride % length) * stride, which);
                        assertTrue(!seen[from / stride % length], which);
                        seen[from / stride % length] = true;
                    }
                });
            }
        }
    }

    private interface Row {
        void at(int first);
    }

    private static void forEachRow(int size, int stride, int length, Row row) {
        for (int i = 0; i < size; i++) {
            if (i / stride % length == 0) {
                row.at(i);
            }
        }
    }

    /// Sorted up to a place and down from there on.
    private void makeBitonic(short[] keys, int first, int stride, int length) {
        short[] row = new short[length];
        for (int i = 0; i < length; i++) {
            row[i] = keys[first + i * stride];
        }
        Arrays.sort(row);
        int turn = random.nextInt(length);
        short[] turned = new short[length];
        int up = 0;
        int down = length - 1;
        for (int i = 0; i < length; i++) {
            turned[i < turn ? up++ : down--] = row[i];
        }
        // Which elements rise and which fall does not matter, so the lowest go up and the rest comes down.
        for (int i = 0; i < length; i++) {
            keys[first + i * stride] = turned[i];
        }
    }

    @Test
    void tilesAreReversedInRandomLayouts() {
        for (int round = 0; round < 40; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int[] shape = RandomLayouts.shape(random, 3, 7);
            int axis = random.nextInt(shape.length);
            LinearLayout layout = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), shape);
            int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            String dimensions = String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %3$s>
                    %%x = kcc.reshape %%i : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
                    %%y = kcc.flip %%x axis %5$d : tensor<%2$sxi32, %4$s>
                    %%z = kcc.reshape %%y : tensor<%2$sxi32, %4$s> -> tensor<%1$dxi32, %3$s>
                    kcc.store %%z, %%q[%%i] : tensor<%1$dxi32, %3$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %3$s>
                    """.formatted(size, dimensions, layout.reshape(size), layout, axis);
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%q: !kcc.ptr<i32>", body)) {
                SimulatedMemory q = new SimulatedMemory("q", 4 * size, false);
                kernel.lowered().run(q);
                int stride = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
                for (int i = 0; i < size; i++) {
                    int along = i / stride % shape[axis];
                    assertEquals(i + (shape[axis] - 1 - 2 * along) * stride, q.bytes.getInt(4 * i),
                            "seed " + seed + " element " + i + " axis " + axis + " " + layout);
                }
            }
        }
    }
}
