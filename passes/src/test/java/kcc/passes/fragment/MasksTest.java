// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

/// What is done about masks of rows gives the same numbers with fewer instructions.
class MasksTest {
    private static final String ARGUMENTS = "%x: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, %y: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}, "
            + "%lo: i32, %hi: i32";

    /// From the distance to the maximum of the elements between two places to twice that.
    private static String row(LinearLayout layout, int size, boolean hasBegin) {
        String tile = size + "x%s, " + layout;
        return """
                %%none0 = arith.constant 0 : i32
                %%most = arith.constant {n} : i32
                %%lo0 = arith.maxsi %%lo, %%none0 : i32
                %%begin = arith.minsi %%lo0, %%most : i32
                %%hi0 = arith.maxsi %%hi, %%none0 : i32
                %%end = arith.minsi %%hi0, %%most : i32
                %%i = kcc.arange : tensor<{i}>
                %%his = tensor.splat %%end : tensor<{i}>
                %%below = arith.cmpi slt, %%i, %%his : tensor<{i}>
                %%los = tensor.splat %%begin : tensor<{i}>
                %%from = arith.cmpi sge, %%i, %%los : tensor<{i}>
                %%mask = arith.andi %%below, %%{mask} : tensor<{b}>
                %%v = kcc.load %%x[%%i] : !kcc.ptr<f32>, tensor<{i}> -> tensor<{f}>
                %%none = arith.constant dense<0xFF800000> : tensor<{f}>
                %%in = arith.select %%mask, %%v, %%none : tensor<{b}>, tensor<{f}>
                %%z = arith.constant dense<0xFF800000> : tensor<f32>
                %%m = linalg.reduce ins(%%in : tensor<{f}>) outs(%%z : tensor<f32>) dimensions = [0]
                  (%%a: f32, %%b: f32) { %%r = arith.maxnumf %%a, %%b : f32 linalg.yield %%r : f32 }
                %%me = tensor.extract %%m[] : tensor<f32>
                %%ms = tensor.splat %%me : tensor<{f}>
                %%d = arith.subf %%in, %%ms : tensor<{f}>
                %%zero = arith.constant dense<0.0> : tensor<{f}>
                %%finite = arith.select %%mask, %%d, %%zero : tensor<{b}>, tensor<{f}>
                %%z0 = arith.constant dense<0.0> : tensor<f32>
                %%s = linalg.reduce ins(%%finite : tensor<{f}>) outs(%%z0 : tensor<f32>) dimensions = [0]
                  (%%a: f32, %%b: f32) { %%r = arith.addf %%a, %%b : f32 linalg.yield %%r : f32 }
                %%se = tensor.extract %%s[] : tensor<f32>
                %%ss = tensor.splat %%se : tensor<{f}>
                %%o = arith.addf %%d, %%ss : tensor<{f}>
                kcc.store %%o, %%y[%%i] mask %%mask : tensor<{f}>, !kcc.ptr<f32>, tensor<{i}>
                """.replace("%%", "%").replace("{mask}", hasBegin ? "from" : "below").replace("{n}", "" + size).replace("{i}", tile.formatted("i32"))
                .replace("{b}", tile.formatted("i1")).replace("{f}", tile.formatted("f32"));
    }

    private static Map<String, Integer> check(PlacedKernel kernel, int size, int lo, int hi, Random random, String what) {
        SimulatedMemory x = new SimulatedMemory("x", 4 * size, false);
        SimulatedMemory y = new SimulatedMemory("y", 4 * size, false);
        float max = Float.NEGATIVE_INFINITY;
        float sum = 0;
        for (int i = 0; i < size; i++) {
            float number = random.nextInt(1000);
            x.bytes.putFloat(4 * i, number);
            max = i >= lo && i < hi ? Math.max(max, number) : max;
        }
        for (int i = lo; i < Math.min(hi, size); i++) {
            sum += x.bytes.getFloat(4 * i) - max;
        }
        Map<String, Integer> executed = kernel.run(x, y, (long) lo, (long) hi);
        for (int i = 0; i < size; i++) {
            boolean isInside = i >= lo && i < hi;
            assertEquals(isInside ? x.bytes.getFloat(4 * i) - max + sum : 0, y.bytes.getFloat(4 * i), what + " at " + i + kernel.text());
            assertEquals(isInside ? 1 : 0, y.writes[4 * i], what + " at " + i);
        }
        return executed;
    }

    @Test
    void rowsBetweenAnyTwoPlacesOverRandomLayouts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 80; round++) {
            int lanes = 1 + random.nextInt(2);
            int warps = random.nextInt(2);
            int size = 1 << 2 + random.nextInt(6);
            boolean hasBegin = random.nextBoolean();
            int lo = hasBegin ? random.nextInt(size) : 0;
            int hi = lo + 1 + random.nextInt(size - lo);
            LinearLayout layout = round % 2 == 0 ? RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), size)
                    : vectors(2 + random.nextInt(2), size, lanes, warps);
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, ARGUMENTS, row(layout, size, hasBegin))) {
                kernel.lowered();
                SplitMasksPass.split(kernel.function());
                SinkSelectsPass.sink(kernel.function());
                SkipVectorsPass.skip(kernel.function());
                assertTrue(kernel.function().verify(), () -> "seed " + seed + kernel.text());
                check(kernel, size, lo, hi, random, "seed " + seed + " " + layout + " " + lo + " to " + hi);
            }
        }
    }

    /// Neighbours in a thread, then lanes, warps, and more such vectors.
    private static LinearLayout vectors(int neighbours, int size, int lanes, int warps) {
        int bits = Integer.numberOfTrailingZeros(size);
        int inVector = Math.min(neighbours, bits);
        int inLanes = Math.min(lanes, bits - inVector);
        int inWarps = Math.min(warps, bits - inVector - inLanes);
        var builder = LinearLayout.ofTile(size).walk("register", 0, 1, inVector).walk("lane", 0, 1 << inVector, inLanes)
                .copies("lane", lanes - inLanes).walk("warp", 0, 1 << inVector + inLanes, inWarps).copies("warp", warps - inWarps);
        int rest = bits - inVector - inLanes - inWarps;
        return (rest > 0 ? builder.walk("register", 0, 1 << bits - rest, rest) : builder).build();
    }

    /// Two vectors in each of two threads: all inside, the end in a vector, the begin in one.
    @Test
    void elementsAreSelectedOnlyAtTheEdges() {
        Random random = new Random(1);
        try (PlacedKernel kernel = PlacedKernel.of(2, 1, ARGUMENTS, row(vectors(2, 16, 1, 0), 16, true)).lowered()) {
            int before = check(kernel, 16, 0, 16, random, "before").get("arith.select");
            assertEquals(16, before);
            assertEquals(4, SplitMasksPass.split(kernel.function()));
            assertTrue(SinkSelectsPass.sink(kernel.function()) > 0, kernel.text());
            assertEquals(4, check(kernel, 16, 0, 16, random, "inside").get("arith.select"), "one for each vector and reduction" + kernel.text());
            assertEquals(4 + 2 * 4, check(kernel, 16, 0, 15, random, "the end").get("arith.select"));
            assertEquals(4 + 2 * 4, check(kernel, 16, 1, 16, random, "the begin").get("arith.select"));
        }
    }

    /// Of four vectors in each thread the row has elements in one: the others cost nothing.
    @Test
    void vectorsOutsideOfTheRowAreNotComputed() {
        Random random = new Random(1);
        try (PlacedKernel kernel = PlacedKernel.of(2, 1, ARGUMENTS, row(vectors(3, 64, 1, 0), 64, false)).lowered()) {
            SplitMasksPass.split(kernel.function());
            SinkSelectsPass.sink(kernel.function());
            assertEquals(4, SkipVectorsPass.skip(kernel.function()), "a sum for each vector; a maximum and a store are too little work" + kernel.text());
            assertEquals(8, check(kernel, 64, 0, 16, random, "one").get("arith.subf"), kernel.text());
            assertEquals(32, check(kernel, 64, 0, 64, random, "all").get("arith.subf"));
        }
    }
}
