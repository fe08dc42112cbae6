// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import kcc.passes.layout.BlockedLayout;
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

    private static final String ORDERED = """
            %%i = kcc.arange : tensor<%1$dxi32, %3$s>
            %%k = kcc.load %%p[%%i] : !kcc.ptr<%5$s>, tensor<%1$dxi32, %3$s> -> tensor<%1$dx%5$s, %3$s>
            %%x = kcc.reshape %%k : tensor<%1$dx%5$s, %3$s> -> tensor<%2$sx%5$s, %4$s>
            %%c = arith.constant dense<%7$d> : tensor<%1$dxi32, %3$s>
            %%j = arith.andi %%i, %%c : tensor<%1$dxi32, %3$s>
            %%y = kcc.reshape %%j : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
            %%s:2 = kcc.sort %%x, %%y attributes {axis = 1 : i64, %6$s} {
            ^bb0(%%a: %5$s, %%ai: i32, %%b: %5$s, %%bi: i32):
              %%no = arith.constant false
              kcc.yield %%no : i1
            } : tensor<%2$sx%5$s, %4$s>, tensor<%2$sxi32, %4$s> -> tensor<%2$sx%5$s, %4$s>, tensor<%2$sxi32, %4$s>
            %%f = kcc.reshape %%s#0 : tensor<%2$sx%5$s, %4$s> -> tensor<%1$dx%5$s, %3$s>
            %%g = kcc.reshape %%s#1 : tensor<%2$sxi32, %4$s> -> tensor<%1$dxi32, %3$s>
            kcc.store %%f, %%p[%%i] : tensor<%1$dx%5$s, %3$s>, !kcc.ptr<%5$s>, tensor<%1$dxi32, %3$s>
            kcc.store %%g, %%q[%%i] : tensor<%1$dxi32, %3$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %3$s>
            """;

    /// The order of the language: its integers are what is compared, in loops where threads share a row, and of equal
    /// elements the first comes first. The comparator, which would leave everything where it is, is not asked.
    @Test
    void elementsWithPlacesAreSortedAsIntegers() {
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int rows = 1 << random.nextInt(3);
            int length = 1 << random.nextInt(8);
            int size = rows * length;
            int inThread = Math.clamp(size >> lanes + warps, 1, length);
            BlockedLayout threads = BlockedLayout.coalesced(
                    new int[] {rows, length / inThread}, List.of(1, 0), 1, 1 << lanes, 1 << warps);
            LinearLayout layout = new BlockedLayout(List.of(1, inThread), threads.lanes(), threads.warps(), List.of(1, 0))
                    .over(rows, length);
            boolean isWide = random.nextBoolean();
            boolean isUnsigned = random.nextBoolean();
            boolean isFalling = random.nextBoolean();
            int leading = random.nextBoolean() ? length : 1 << random.nextInt(Integer.numberOfTrailingZeros(length) + 1);
            String attributes = "kcc.order = \"" + (isFalling ? "falling" : "rising") + "\"" + (isUnsigned ? ", kcc.unsigned" : "")
                    + (leading < length ? ", kcc.leading = " + leading + " : i64" : "");
            String body = ORDERED.formatted(
                    size, rows + "x" + length, layout.reshape(size), layout, isWide ? "i32" : "i16", attributes, length - 1);
            int bytes = isWide ? 4 : 2;
            long[] keys = random.longs(size, -20, 20).map(key -> random.nextInt(8) == 0 ? key << 8 * bytes - 2 : key).toArray();
            try (PlacedKernel kernel = PlacedKernel.of(
                    1 << lanes, 1 << warps, "%p: !kcc.ptr<" + (isWide ? "i32" : "i16") + ">, %q: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", bytes * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * size, false);
                for (int i = 0; i < size; i++) {
                    put(p, i, bytes, keys[i]);
                    keys[i] = isUnsigned ? keys[i] & (1L << 8 * bytes) - 1 : isWide ? (int) keys[i] : (short) keys[i];
                }
                kernel.lowered().run(p, q);
                for (int row = 0; row < rows; row++) {
                    int first = row * length;
                    Comparator<Integer> byKey = Comparator.comparing(at -> keys[first + at]);
                    List<Integer> expected = IntStream.range(0, length).boxed()
                            .sorted(isFalling ? byKey.reversed() : byKey).toList();
                    for (int i = 0; i < leading; i++) {
                        String which = "seed " + seed + " row " + row + " element " + i + " " + attributes + " " + layout;
                        assertEquals(expected.get(i), q.bytes.getInt(4 * (first + i)), which);
                        long key = isWide ? p.bytes.getInt(4 * (first + i)) : p.bytes.getShort(2 * (first + i));
                        assertEquals(keys[first + expected.get(i)], isUnsigned ? key & (1L << 8 * bytes) - 1 : key, which);
                    }
                }
            }
        }
    }

    private static void put(SimulatedMemory memory, int index, int bytes, long value) {
        if (bytes == 4) {
            memory.bytes.putInt(4 * index, (int) value);
        } else {
            memory.bytes.putShort(2 * index, (short) value);
        }
    }

    /// Negative numbers, zeros and infinities rise, NaNs stand last whatever their sign.
    @Test
    void floatsAreSortedAsIntegers() {
        int length = 128;
        LinearLayout layout = new BlockedLayout(List.of(4), List.of(8), List.of(4), List.of(0)).over(length);
        String body = """
                %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                %%k = kcc.load %%p[%%i] : !kcc.ptr<f32>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxf32, %2$s>
                %%s = kcc.sort %%k attributes {axis = 0 : i64, kcc.order = "rising"} {
                ^bb0(%%a: f32, %%b: f32):
                  %%no = arith.constant false
                  kcc.yield %%no : i1
                } : tensor<%1$dxf32, %2$s> -> tensor<%1$dxf32, %2$s>
                kcc.store %%s, %%p[%%i] : tensor<%1$dxf32, %2$s>, !kcc.ptr<f32>, tensor<%1$dxi32, %2$s>
                """.formatted(length, layout);
        float[] special = {0f, -0f, Float.NaN, Float.intBitsToFloat(0xFFC00000), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
                Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};
        try (PlacedKernel kernel = PlacedKernel.of(8, 4, "%p: !kcc.ptr<f32>", body)) {
            SimulatedMemory p = new SimulatedMemory("p", 4 * length, false);
            float[] expected = new float[length];
            for (int i = 0; i < length; i++) {
                expected[i] = random.nextInt(3) == 0 ? special[random.nextInt(special.length)] : (float) random.nextGaussian();
                p.bytes.putFloat(4 * i, expected[i]);
            }
            kernel.lowered().run(p);
            Arrays.sort(expected);
            for (int i = 0; i < length; i++) {
                assertEquals(expected[i], p.bytes.getFloat(4 * i), "seed " + seed + " element " + i);
            }
        }
    }
}
