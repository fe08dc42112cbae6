// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Arrays;
import java.util.Random;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

class ReductionLoweringTest {
    private static final String SUM = "(%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }";

    /// Sums of every element with its whole number: what counts one twice or not at all shows.
    @Test
    void sumsOverRandomLayouts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int size = 1 << random.nextInt(8);
            LinearLayout layout = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), size);
            float initial = random.nextBoolean() ? 0 : 100000;
            String tile = size + "xf32, " + layout + ">";
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%x = kcc.load %%p[%%i] : !kcc.ptr<f32>, tensor<%1$dxi32, %2$s> -> tensor<%3$s
                    %%z = arith.constant dense<%4$f> : tensor<f32>
                    %%s = linalg.reduce ins(%%x : tensor<%3$s) outs(%%z : tensor<f32>) dimensions = [0] %5$s
                    %%e = tensor.extract %%s[] : tensor<f32>
                    %%c = arith.constant 0 : i32
                    kcc.store %%e, %%q[%%c] : f32, !kcc.ptr<f32>, i32
                    """.formatted(size, layout, tile, initial, SUM);
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>", body)) {
                SimulatedMemory from = new SimulatedMemory("p", 4 * size, false);
                SimulatedMemory to = new SimulatedMemory("q", 4, false);
                float sum = initial;
                for (int i = 0; i < size; i++) {
                    int number = random.nextInt(1000);
                    from.bytes.putFloat(4 * i, number);
                    sum += number;
                }
                kernel.lowered().run(from, to);
                assertEquals(sum, to.bytes.getFloat(0), "seed " + seed + " " + layout + kernel.text());
                assertEquals(1, to.writes[0]);
            }
        }
    }

    @Test
    void rowAndColumnMaximaOverRandomLayouts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int rows = 1 << random.nextInt(5);
            int columns = 1 << random.nextInt(5);
            int axis = random.nextInt(2);
            LinearLayout layout = RandomLayouts.surjective(random, 3, 1, random.nextBoolean(), rows, columns);
            LinearLayout result = layout.slice(axis).dropFreeBits("register");
            int kept = axis == 0 ? columns : rows;
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %3$s>
                    %%j = kcc.arange : tensor<%2$dxi32, %4$s>
                    %%ia = kcc.reshape %%i : tensor<%1$dxi32, %3$s> -> tensor<%1$dx1xi32, %5$s>
                    %%ja = kcc.reshape %%j : tensor<%2$dxi32, %4$s> -> tensor<1x%2$dxi32, %6$s>
                    %%ib = kcc.broadcast %%ia : tensor<%1$dx1xi32, %5$s> -> tensor<%1$dx%2$dxi32, %7$s>
                    %%jb = kcc.broadcast %%ja : tensor<1x%2$dxi32, %6$s> -> tensor<%1$dx%2$dxi32, %7$s>
                    %%w = arith.constant dense<%2$d> : tensor<%1$dx%2$dxi32, %7$s>
                    %%k = arith.muli %%ib, %%w : tensor<%1$dx%2$dxi32, %7$s>
                    %%o = arith.addi %%k, %%jb : tensor<%1$dx%2$dxi32, %7$s>
                    %%x = kcc.load %%p[%%o] : !kcc.ptr<i8>, tensor<%1$dx%2$dxi32, %7$s> -> tensor<%1$dx%2$dxi8, %7$s>
                    %%z = arith.constant dense<-128> : tensor<%8$dxi8, %9$s>
                    %%s = linalg.reduce ins(%%x : tensor<%1$dx%2$dxi8, %7$s>) outs(%%z : tensor<%8$dxi8, %9$s>) dimensions = [%10$d]
                      (%%a: i8, %%b: i8) { %%r = arith.maxsi %%a, %%b : i8 linalg.yield %%r : i8 }
                    %%q0 = kcc.arange : tensor<%8$dxi32, %9$s>
                    kcc.store %%s, %%q[%%q0] : tensor<%8$dxi8, %9$s>, !kcc.ptr<i8>, tensor<%8$dxi32, %9$s>
                    """.formatted(rows, columns, layout.slice(1), layout.slice(0), layout.squash(1), layout.squash(0), layout, kept,
                    result, axis);
            try (PlacedKernel kernel = PlacedKernel.of(8, 2, "%p: !kcc.ptr<i8>, %q: !kcc.ptr<i8>", body)) {
                SimulatedMemory from = new SimulatedMemory("p", rows * columns, false);
                SimulatedMemory to = new SimulatedMemory("q", kept, false);
                random.nextBytes(from.bytes.array());
                kernel.lowered().run(from, to);
                for (int i = 0; i < kept; i++) {
                    int most = -128;
                    for (int j = 0; j < rows * columns / kept; j++) {
                        most = Math.max(most, from.bytes.get(axis == 0 ? j * columns + i : i * columns + j));
                    }
                    assertEquals(most, to.bytes.get(i), "seed " + seed + " " + layout);
                    assertEquals(1, to.writes[i]);
                }
            }
        }
    }

    /// Two operands at once, both dimensions at once: the largest number and where it is.
    @Test
    void argmaxOfAMatrix() {
        LinearLayout layout = LinearLayout.ofTile(8, 16).basis("register", 0, 1).walk("lane", 1, 2, 3).basis("warp", 1, 0)
                .basis("warp", 2, 0).basis("register", 4, 0).build();
        String tile = "8x16xi32, " + layout + ">";
        String flat = "128xi32, " + layout.reshape(128) + ">";
        String body = """
                %%n = kcc.arange : tensor<%1$s
                %%i = kcc.reshape %%n : tensor<%1$s -> tensor<%2$s
                %%x = kcc.load %%p[%%i] : !kcc.ptr<i64>, tensor<%2$s -> tensor<%3$s
                %%z = arith.constant dense<-1> : tensor<i64>
                %%y = arith.constant dense<0> : tensor<i32>
                %%s:2 = linalg.reduce ins(%%x, %%i : tensor<%3$s, tensor<%2$s) outs(%%z, %%y : tensor<i64>, tensor<i32>)
                  dimensions = [0, 1] (%%a: i64, %%ai: i32, %%b: i64, %%bi: i32) {
                    %%c = arith.cmpi sgt, %%a, %%b : i64
                    %%m = arith.select %%c, %%a, %%b : i64
                    %%mi = arith.select %%c, %%ai, %%bi : i32
                    linalg.yield %%m, %%mi : i64, i32
                  }
                %%e = tensor.extract %%s#1[] : tensor<i32>
                %%c0 = arith.constant 0 : i32
                kcc.store %%e, %%q[%%c0] : i32, !kcc.ptr<i32>, i32
                """.formatted(flat, tile, tile.replace("xi32", "xi64"));
        Random random = new Random(7);
        try (PlacedKernel kernel = PlacedKernel.of(8, 4, "%p: !kcc.ptr<i64>, %q: !kcc.ptr<i32>", body).lowered()) {
            for (int round = 0; round < 10; round++) {
                SimulatedMemory from = new SimulatedMemory("p", 8 * 128, false);
                SimulatedMemory to = new SimulatedMemory("q", 4, false);
                int best = 0;
                for (int i = 0; i < 128; i++) {
                    from.bytes.putLong(8 * i, random.nextLong(1L << 60));
                    best = from.bytes.getLong(8 * i) > from.bytes.getLong(8 * best) ? i : best;
                }
                Map<String, Integer> executed = kernel.run(from, to);
                assertEquals(best, to.bytes.getInt(0));
                assertEquals(1, executed.get("gpu.barrier"), "one barrier serves both operands");
            }
        }
    }

    /// Softmax of a row over two warps: two reductions, two barriers, as they use different scratch.
    @Test
    void softmax() {
        LinearLayout layout = LinearLayout.ofTile(128).walk("register", 0, 1, 2).walk("lane", 0, 4, 3).walk("warp", 0, 32, 2).build();
        String tile = "tensor<128xf32, " + layout + ">";
        String body = """
                %%i = kcc.arange : tensor<128xi32, %1$s>
                %%limit = tensor.splat %%n : tensor<128xi32, %1$s>
                %%mask = arith.cmpi slt, %%i, %%limit : tensor<128xi32, %1$s>
                %%other = arith.constant dense<0xFF800000> : %2$s
                %%x = kcc.load %%p[%%i] mask %%mask other %%other : !kcc.ptr<f32>, tensor<128xi32, %1$s> -> %2$s
                %%z = arith.constant dense<0xFF800000> : tensor<f32>
                %%m = linalg.reduce ins(%%x : %2$s) outs(%%z : tensor<f32>) dimensions = [0]
                  (%%a: f32, %%b: f32) { %%r = arith.maximumf %%a, %%b : f32 linalg.yield %%r : f32 }
                %%ms = tensor.extract %%m[] : tensor<f32>
                %%mt = tensor.splat %%ms : %2$s
                %%d = arith.subf %%x, %%mt : %2$s
                %%e = math.exp %%d : %2$s
                %%zero = arith.constant dense<0.0> : tensor<f32>
                %%s = linalg.reduce ins(%%e : %2$s) outs(%%zero : tensor<f32>) dimensions = [0] %3$s
                %%ss = tensor.extract %%s[] : tensor<f32>
                %%st = tensor.splat %%ss : %2$s
                %%y = arith.divf %%e, %%st : %2$s
                kcc.store %%y, %%q[%%i] mask %%mask : %2$s, !kcc.ptr<f32>, tensor<128xi32, %1$s>
                """.formatted(layout, tile, SUM);
        int count = 101;
        try (PlacedKernel kernel =
                PlacedKernel.of(8, 4, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>, %n: i32", body).lowered()) {
            SimulatedMemory from = new SimulatedMemory("p", 4 * count, false);
            SimulatedMemory to = new SimulatedMemory("q", 4 * count, false);
            double sum = 0;
            for (int i = 0; i < count; i++) {
                from.bytes.putFloat(4 * i, (float) Math.sin(i) * 5);
                sum += Math.exp(from.bytes.getFloat(4 * i));
            }
            Map<String, Integer> executed = kernel.run(from, to, (long) count);
            for (int i = 0; i < count; i++) {
                assertEquals(Math.exp(from.bytes.getFloat(4 * i)) / sum, to.bytes.getFloat(4 * i), 1e-6);
            }
            assertEquals(2, executed.get("gpu.barrier"));
        }
    }

    /// A reduction in a loop overwrites scratch that other warps may still read: one more barrier an iteration.
    @Test
    void reductionInALoop() {
        LinearLayout layout = LinearLayout.ofTile(32).walk("lane", 0, 1, 3).walk("warp", 0, 8, 2).build();
        String body = """
                %%c0 = arith.constant 0 : i32
                %%c1 = arith.constant 1 : i32
                %%f0 = arith.constant 0.0 : f32
                %%i = kcc.arange : tensor<32xi32, %1$s>
                %%zero = arith.constant dense<0.0> : tensor<f32>
                %%t = scf.for %%k = %%c0 to %%n step %%c1 iter_args(%%acc = %%f0) -> (f32) : i32 {
                  %%kt = tensor.splat %%k : tensor<32xi32, %1$s>
                  %%o = arith.addi %%i, %%kt : tensor<32xi32, %1$s>
                  %%x = kcc.load %%p[%%o] : !kcc.ptr<f32>, tensor<32xi32, %1$s> -> tensor<32xf32, %1$s>
                  %%s = linalg.reduce ins(%%x : tensor<32xf32, %1$s>) outs(%%zero : tensor<f32>) dimensions = [0] %2$s
                  %%e = tensor.extract %%s[] : tensor<f32>
                  %%next = arith.addf %%acc, %%e : f32
                  scf.yield %%next : f32
                }
                kcc.store %%t, %%q[%%c0] : f32, !kcc.ptr<f32>, i32
                """.formatted(layout, SUM);
        try (PlacedKernel kernel =
                PlacedKernel.of(8, 4, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>, %n: i32", body).lowered()) {
            SimulatedMemory from = new SimulatedMemory("p", 4 * 40, false);
            SimulatedMemory to = new SimulatedMemory("q", 4, false);
            float sum = 0;
            for (int i = 0; i < 40; i++) {
                from.bytes.putFloat(4 * i, i * i);
            }
            for (int k = 0; k < 5; k++) {
                for (int i = 0; i < 32; i++) {
                    sum += (i + k) * (i + k);
                }
            }
            assertEquals(10, kernel.run(from, to, 5L).get("gpu.barrier"));
            assertEquals(sum, to.bytes.getFloat(0));
        }
    }

    /// The largest element and its place along any axis of tiles of any rank, starting with the first elements.
    @Test
    void pairsWithoutAStartAlongAnyAxis() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int[] shape = RandomLayouts.shape(random, 3, 8);
            if (shape.length == 1) {
                continue;
            }
            int axis = random.nextInt(shape.length);
            LinearLayout layout = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), shape);
            int[] rest = java.util.stream.IntStream.range(0, shape.length).filter(d -> d != axis).map(d -> shape[d]).toArray();
            LinearLayout result = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), rest);
            int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            int left = size / shape[axis];
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %3$s>
                    %%a = kcc.load %%p[%%i] : !kcc.ptr<i32>, tensor<%1$dxi32, %3$s> -> tensor<%1$dxi32, %3$s>
                    %%x = kcc.reshape %%a : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
                    %%k = kcc.reshape %%i : tensor<%1$dxi32, %3$s> -> tensor<%2$sxi32, %4$s>
                    %%z = arith.constant dense<0> : tensor<%6$sxi32, %7$s>
                    %%r:2 = linalg.reduce ins(%%x, %%k : tensor<%2$sxi32, %4$s>, tensor<%2$sxi32, %4$s>)
                        outs(%%z, %%z : tensor<%6$sxi32, %7$s>, tensor<%6$sxi32, %7$s>) dimensions = [%5$d] {kcc.no_initial_value}
                      (%%v: i32, %%j: i32, %%w: i32, %%l: i32) {
                        %%more = arith.cmpi sgt, %%v, %%w : i32
                        %%m = arith.select %%more, %%v, %%w : i32
                        %%n = arith.select %%more, %%j, %%l : i32
                        linalg.yield %%m, %%n : i32, i32
                      }
                    %%o = kcc.arange : tensor<%8$dxi32, %9$s>
                    %%f = kcc.reshape %%r#1 : tensor<%6$sxi32, %7$s> -> tensor<%8$dxi32, %9$s>
                    kcc.store %%f, %%q[%%o] : tensor<%8$dxi32, %9$s>, !kcc.ptr<i32>, tensor<%8$dxi32, %9$s>
                    """.formatted(size, dimensions(shape), layout.reshape(size), layout, axis, dimensions(rest), result, left,
                    result.reshape(left));
            try (PlacedKernel kernel = PlacedKernel.of(1 << lanes, 1 << warps, "%p: !kcc.ptr<i32>, %q: !kcc.ptr<i32>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 4 * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * left, false);
                for (int i = 0; i < size; i++) {
                    // Below zero, so that a start of 0 would win; all different.
                    p.bytes.putInt(4 * i, -1 - (random.nextInt(1 << 20) << 8 | i));
                }
                kernel.lowered().run(p, q);
                int stride = Arrays.stream(shape, axis + 1, shape.length).reduce(1, (a, b) -> a * b);
                for (int i = 0; i < left; i++) {
                    int first = i / stride * stride * shape[axis] + i % stride;
                    int best = first;
                    for (int k = 1; k < shape[axis]; k++) {
                        int at = first + k * stride;
                        best = p.bytes.getInt(4 * at) > p.bytes.getInt(4 * best) ? at : best;
                    }
                    assertEquals(best, q.bytes.getInt(4 * i), "seed " + seed + " element " + i + " axis " + axis + " " + layout);
                }
            }
        }
    }

    private static String dimensions(int[] shape) {
        return String.join("x", Arrays.stream(shape).mapToObj(Integer::toString).toList());
    }
}
