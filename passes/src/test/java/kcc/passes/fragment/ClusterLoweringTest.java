// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import kcc.mlir.diag.UnsupportedException;
import kcc.passes.layout.BlockShare;
import kcc.passes.layout.BlockedLayout;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

/// Programs that several blocks run together, in random turns.
class ClusterLoweringTest {
    private static final String SUM = "(%a: f32, %b: f32) { %r = arith.addf %a, %b : f32 linalg.yield %r : f32 }";

    private static LinearLayout row(int size, int warps, int blockBits) {
        return BlockShare.spread(BlockedLayout.coalesced(new int[] {size >> blockBits}, java.util.List.of(0), 2, 4, warps)
                .over(size >> blockBits), 0, blockBits);
    }

    /// Sums of whole numbers over random shares: what counts one twice or not at all shows.
    @Test
    void sumsOverRandomShares() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int lanes = 3;
            int warps = random.nextInt(3);
            int blockBits = 1 + random.nextInt(3);
            int share = 1 << random.nextInt(7);
            int size = share << blockBits;
            LinearLayout layout = BlockShare.spread(RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), share), 0,
                    blockBits);
            String tile = size + "xf32, " + layout + ">";
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%x = kcc.load %%p[%%i] : !kcc.ptr<f32>, tensor<%1$dxi32, %2$s> -> tensor<%3$s
                    %%z = arith.constant dense<100.0> : tensor<f32>
                    %%s = linalg.reduce ins(%%x : tensor<%3$s) outs(%%z : tensor<f32>) dimensions = [0] %4$s
                    %%e = tensor.extract %%s[] : tensor<f32>
                    %%t = tensor.splat %%e : tensor<%3$s
                    kcc.store %%t, %%q[%%i] : tensor<%3$s, !kcc.ptr<f32>, tensor<%1$dxi32, %2$s>
                    %%c = arith.constant 0 : i32
                    kcc.store %%e, %%w[%%c] : f32, !kcc.ptr<f32>, i32
                    """.formatted(size, layout, tile, SUM);
            try (PlacedKernel kernel = PlacedKernel.ofCluster(1 << lanes, 1 << warps, 1 << blockBits,
                    "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>, %w: !kcc.ptr<f32>", body)) {
                SimulatedMemory from = new SimulatedMemory("p", 4 * size, false);
                SimulatedMemory to = new SimulatedMemory("q", 4 * size, false);
                SimulatedMemory scalar = new SimulatedMemory("r", 4, false);
                float sum = 100;
                for (int i = 0; i < size; i++) {
                    from.bytes.putFloat(4 * i, i * i % 999);
                    sum += i * i % 999;
                }
                kernel.lowered().runCluster(1 << blockBits, random, from, to, scalar);
                for (int i = 0; i < size; i++) {
                    assertEquals(sum, to.bytes.getFloat(4 * i), "seed " + seed + " " + layout);
                    assertEquals(1, to.writes[4 * i]);
                }
                assertEquals(sum, scalar.bytes.getFloat(0));
                assertEquals(1, scalar.writes[0], "one thread of one block stores a scalar");
            }
        }
    }

    /// Whatever the layouts, each block gets its rows of the sum of all blocks' tiles, and stores each element once.
    @Test
    void sumsOfTilesOfBlocks() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 3;
            int warps = random.nextInt(3);
            int blocks = 2 << random.nextInt(3);
            int rows = blocks << random.nextInt(4);
            int columns = 1 << random.nextInt(7);
            int size = rows * columns;
            int part = size / blocks;
            LinearLayout line = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), size);
            LinearLayout whole = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), rows, columns);
            LinearLayout own = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), rows / blocks, columns);
            LinearLayout ownLine = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), part);
            String body = """
                    %%b = kcc.block_id
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%d = arith.constant %1$d : i32
                    %%f = arith.muli %%b, %%d : i32
                    %%t = tensor.splat %%f : tensor<%1$dxi32, %2$s>
                    %%j = arith.addi %%i, %%t : tensor<%1$dxi32, %2$s>
                    %%l = kcc.load %%p[%%j] : !kcc.ptr<f32>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxf32, %2$s>
                    %%x = kcc.reshape %%l : tensor<%1$dxf32, %2$s> -> tensor<%3$s>
                    %%s = kcc.reduce_scatter %%x : tensor<%3$s> -> tensor<%4$s>
                    %%y = kcc.reshape %%s : tensor<%4$s> -> tensor<%5$dxf32, %6$s>
                    %%o = kcc.arange : tensor<%5$dxi32, %6$s>
                    %%c = arith.constant %5$d : i32
                    %%m = arith.muli %%b, %%c : i32
                    %%n = tensor.splat %%m : tensor<%5$dxi32, %6$s>
                    %%a = arith.addi %%o, %%n : tensor<%5$dxi32, %6$s>
                    kcc.store %%y, %%q[%%a] : tensor<%5$dxf32, %6$s>, !kcc.ptr<f32>, tensor<%5$dxi32, %6$s>
                    """.formatted(size, line, rows + "x" + columns + "xf32, " + whole,
                            rows / blocks + "x" + columns + "xf32, " + own, part, ownLine);
            try (PlacedKernel kernel = PlacedKernel.ofSums(1 << lanes, 1 << warps, blocks, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>",
                    body)) {
                SimulatedMemory from = new SimulatedMemory("p", 4 * size * blocks, false);
                SimulatedMemory to = new SimulatedMemory("q", 4 * size, false);
                float[] sums = new float[size];
                for (int i = 0; i < size * blocks; i++) {
                    from.bytes.putFloat(4 * i, i * (i + 7) % 999);
                    sums[i % size] += i * (i + 7) % 999;
                }
                Map<String, Integer> executed = kernel.lowered().runCluster(blocks, random, from, to);
                for (int i = 0; i < size; i++) {
                    assertEquals(sums[i], to.bytes.getFloat(4 * i), "seed " + seed + " element " + i);
                    assertEquals(1, to.writes[4 * i]);
                }
                assertEquals(2, executed.get("kcc.cluster_wait"), "the start and one meeting");
            }
        }
    }

    /// Two reductions have slots of their own: only their inner barriers, and one at the start whose wait comes late.
    @Test
    void softmax() {
        Random random = new Random(3);
        int size = 256;
        LinearLayout layout = row(size, 2, 2);
        String tile = "tensor<256xf32, " + layout + ">";
        String body = """
                %%i = kcc.arange : tensor<256xi32, %1$s>
                %%id = kcc.program_id 0
                %%w = arith.constant 256 : i32
                %%first = arith.muli %%id, %%w : i32
                %%f = tensor.splat %%first : tensor<256xi32, %1$s>
                %%o = arith.addi %%i, %%f : tensor<256xi32, %1$s>
                %%x = kcc.load %%p[%%o] : !kcc.ptr<f32>, tensor<256xi32, %1$s> -> %2$s
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
                kcc.store %%y, %%q[%%o] : %2$s, !kcc.ptr<f32>, tensor<256xi32, %1$s>
                """.formatted(layout, tile, SUM);
        try (PlacedKernel kernel = PlacedKernel.ofCluster(4, 2, 4, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>", body).lowered()) {
            for (int round = 0; round < 10; round++) {
                SimulatedMemory from = new SimulatedMemory("p", 4 * size, false);
                SimulatedMemory to = new SimulatedMemory("q", 4 * size, false);
                double sum = 0;
                for (int i = 0; i < size; i++) {
                    from.bytes.putFloat(4 * i, (float) Math.sin(i) * 5);
                    sum += Math.exp(from.bytes.getFloat(4 * i));
                }
                Map<String, Integer> executed = kernel.runCluster(4, random, from, to);
                for (int i = 0; i < size; i++) {
                    assertEquals(Math.exp(from.bytes.getFloat(4 * i)) / sum, to.bytes.getFloat(4 * i), 1e-6);
                }
                assertEquals(3, executed.get("kcc.cluster_wait"));
            }
        }
    }

    /// One reduction in a loop meets its own slots: one more barrier an iteration. Two take turns and need none.
    @Test
    void reductionsInALoop() {
        assertEquals(1 + 2 * 5, clusterWaits(1));
        assertEquals(1 + 2 * 5, clusterWaits(2));
    }

    private static int clusterWaits(int reductions) {
        LinearLayout layout = row(32, 2, 2);
        StringBuilder sums = new StringBuilder();
        for (int i = 0; i < reductions; i++) {
            sums.append("""
                      %%s%1$d = linalg.reduce ins(%%x : tensor<32xf32, %2$s>) outs(%%zero : tensor<f32>) dimensions = [0] %3$s
                      %%e%1$d = tensor.extract %%s%1$d[] : tensor<f32>
                      %%next%1$d = arith.addf %4$s, %%e%1$d : f32
                    """.formatted(i, layout, SUM, i == 0 ? "%acc" : "%next" + (i - 1)));
        }
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
                %2$s
                  scf.yield %%next%3$d : f32
                }
                kcc.store %%t, %%q[%%c0] : f32, !kcc.ptr<f32>, i32
                """.formatted(layout, sums, reductions - 1);
        Random random = new Random(reductions);
        try (PlacedKernel kernel =
                PlacedKernel.ofCluster(4, 2, 4, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>, %n: i32", body).lowered()) {
            int waits = 0;
            for (int round = 0; round < 20; round++) {
                SimulatedMemory from = new SimulatedMemory("p", 4 * 40, false);
                SimulatedMemory to = new SimulatedMemory("q", 4, false);
                float sum = 0;
                for (int i = 0; i < 40; i++) {
                    from.bytes.putFloat(4 * i, i * i);
                }
                for (int k = 0; k < 5; k++) {
                    for (int i = 0; i < 32; i++) {
                        sum += reductions * (i + k) * (i + k);
                    }
                }
                waits = kernel.runCluster(4, random, from, to, 5L).get("kcc.cluster_wait");
                assertEquals(sum, to.bytes.getFloat(0));
            }
            return waits;
        }
    }

    /// A tile is written and read again at other places: other blocks' elements too, so all blocks wait.
    @Test
    void globalMemoryBetweenBlocks() {
        LinearLayout layout = row(64, 2, 1);
        String body = """
                %%i = kcc.arange : tensor<64xi32, %1$s>
                %%last = arith.constant dense<63> : tensor<64xi32, %1$s>
                %%back = arith.subi %%last, %%i : tensor<64xi32, %1$s>
                kcc.store %%i, %%p[%%i] : tensor<64xi32, %1$s>, !kcc.ptr<i32>, tensor<64xi32, %1$s>
                %%x = kcc.load %%p[%%back] : !kcc.ptr<i32>, tensor<64xi32, %1$s> -> tensor<64xi32, %1$s>
                kcc.store %%x, %%q[%%i] : tensor<64xi32, %1$s>, !kcc.ptr<i32>, tensor<64xi32, %1$s>
                """.formatted(layout);
        try (PlacedKernel kernel = PlacedKernel.ofCluster(4, 2, 2, "%p: !kcc.ptr<i32>, %q: !kcc.ptr<i32>", body).lowered()) {
            for (int round = 0; round < 10; round++) {
                SimulatedMemory first = new SimulatedMemory("p", 4 * 64, false);
                SimulatedMemory second = new SimulatedMemory("q", 4 * 64, false);
                kernel.runCluster(2, new Random(round), first, second);
                for (int i = 0; i < 64; i++) {
                    assertEquals(63 - i, second.bytes.getInt(4 * i));
                }
            }
        }
    }

    @Test
    void largestOfARowAndWhereItIs() {
        LinearLayout layout = row(128, 4, 3);
        String body = """
                %%i = kcc.arange : tensor<128xi32, %1$s>
                %%x = kcc.load %%p[%%i] : !kcc.ptr<i64>, tensor<128xi32, %1$s> -> tensor<128xi64, %1$s>
                %%z = arith.constant dense<-1> : tensor<i64>
                %%y = arith.constant dense<0> : tensor<i32>
                %%s:2 = linalg.reduce ins(%%x, %%i : tensor<128xi64, %1$s>, tensor<128xi32, %1$s>)
                  outs(%%z, %%y : tensor<i64>, tensor<i32>) dimensions = [0] (%%a: i64, %%ai: i32, %%b: i64, %%bi: i32) {
                    %%c = arith.cmpi sgt, %%a, %%b : i64
                    %%m = arith.select %%c, %%a, %%b : i64
                    %%mi = arith.select %%c, %%ai, %%bi : i32
                    linalg.yield %%m, %%mi : i64, i32
                  }
                %%e = tensor.extract %%s#1[] : tensor<i32>
                %%c0 = arith.constant 0 : i32
                kcc.store %%e, %%q[%%c0] : i32, !kcc.ptr<i32>, i32
                """.formatted(layout);
        Random random = new Random(7);
        try (PlacedKernel kernel = PlacedKernel.ofCluster(4, 4, 8, "%p: !kcc.ptr<i64>, %q: !kcc.ptr<i32>", body).lowered()) {
            for (int round = 0; round < 10; round++) {
                SimulatedMemory from = new SimulatedMemory("p", 8 * 128, false);
                SimulatedMemory to = new SimulatedMemory("q", 4, false);
                int best = 0;
                for (int i = 0; i < 128; i++) {
                    from.bytes.putLong(8 * i, random.nextLong(1L << 60));
                    best = from.bytes.getLong(8 * i) > from.bytes.getLong(8 * best) ? i : best;
                }
                kernel.runCluster(8, random, from, to);
                assertEquals(best, to.bytes.getInt(0));
            }
        }
    }

    /// A row that begins and ends anywhere: each block moves its part of the span, what lies behind the end excepted.
    @Test
    void spans() {
        LinearLayout layout = row(256, 4, 2);
        String tile = "tensor<256xi16, " + layout + ">";
        String body = """
                %%one = arith.constant 1 : i32
                %%x = kcc.load_span %%p rows %%one columns %%n : !kcc.ptr<i16> -> %1$s
                %%zero = arith.constant dense<0> : tensor<i16>
                %%s = linalg.reduce ins(%%x : %1$s) outs(%%zero : tensor<i16>) dimensions = [0]
                  (%%a: i16, %%b: i16) { %%r = arith.addi %%a, %%b : i16 linalg.yield %%r : i16 }
                %%e = tensor.extract %%s[] : tensor<i16>
                %%t = tensor.splat %%e : %1$s
                %%y = arith.addi %%x, %%t : %1$s
                kcc.store_span %%y, %%q rows %%one columns %%n : %1$s, !kcc.ptr<i16>
                """.formatted(tile);
        Random random = new Random(11);
        try (PlacedKernel kernel =
                PlacedKernel.ofCluster(4, 4, 4, "%p: !kcc.ptr<i16>, %q: !kcc.ptr<i16>, %n: i32", body).lowered()) {
            for (int columns : new int[] {0, 1, 63, 64, 65, 100, 191, 200, 255, 256}) {
                SimulatedMemory from = new SimulatedMemory("p", 2 * columns, false);
                SimulatedMemory to = new SimulatedMemory("q", 2 * columns, false);
                short sum = 0;
                for (int i = 0; i < columns; i++) {
                    from.bytes.putShort(2 * i, (short) (3 * i + 1));
                    sum += (short) (3 * i + 1);
                }
                kernel.runCluster(4, random, from, to, (long) columns);
                for (int i = 0; i < columns; i++) {
                    assertEquals((short) (3 * i + 1 + sum), to.bytes.getShort(2 * i), columns + " columns, element " + i);
                    assertEquals(1, to.writes[2 * i]);
                }
            }
        }
    }

    /// The interpreter would notice a missing barrier: without those before the reduction its slots are overwritten.
    @Test
    void missingBarriersAreNoticed() {
        LinearLayout layout = row(32, 2, 1);
        String body = """
                %%c0 = arith.constant 0 : i32
                %%c1 = arith.constant 1 : i32
                %%zero = arith.constant dense<0> : tensor<i32>
                %%i = kcc.arange : tensor<32xi32, %1$s>
                scf.for %%k = %%c0 to %%n step %%c1 : i32 {
                  %%s = linalg.reduce ins(%%i : tensor<32xi32, %1$s>) outs(%%zero : tensor<i32>) dimensions = [0]
                    (%%a: i32, %%b: i32) { %%r = arith.addi %%a, %%b : i32 linalg.yield %%r : i32 }
                  %%e = tensor.extract %%s[] : tensor<i32>
                  kcc.store %%e, %%q[%%k] : i32, !kcc.ptr<i32>, i32
                }
                """.formatted(layout);
        try (PlacedKernel kernel = PlacedKernel.ofCluster(4, 2, 2, "%q: !kcc.ptr<i32>, %n: i32", body).lowered()) {
            kernel.function().find("scf.for").getFirst().region(0).first().operations().stream()
                    .filter(op -> op.is("kcc.cluster_arrive") || op.is("kcc.cluster_wait")).limit(2).toList().reversed()
                    .forEach(kcc.mlir.ir.Operation::erase);
            AssertionError noticed = assertThrows(AssertionError.class, () -> {
                for (int round = 0; round < 50; round++) {
                    kernel.runCluster(2, new Random(round), new SimulatedMemory("q", 4 * 8, false), 8L);
                }
            });
            assertTrue(noticed.getMessage().contains("race"), noticed.getMessage());
        }
    }

    @Test
    void whatCannotCrossBlocksIsRefused() {
        LinearLayout cut = row(64, 2, 1);
        LinearLayout whole = BlockShare.copied(BlockedLayout.coalesced(new int[] {64}, java.util.List.of(0), 2, 4, 2).over(64), 1);
        String body = """
                %%i = kcc.arange : tensor<64xi32, %s>
                %%j = kcc.convert_layout %%i : tensor<64xi32, %s> -> tensor<64xi32, %s>
                """.formatted(cut, cut, whole);
        try (PlacedKernel kernel = PlacedKernel.ofCluster(4, 2, 2, "", body)) {
            UnsupportedException refused = assertThrows(UnsupportedException.class, kernel::lowered);
            assertTrue(refused.getMessage().contains("moves between the blocks of a cluster"), refused.getMessage());
        }
    }
}
