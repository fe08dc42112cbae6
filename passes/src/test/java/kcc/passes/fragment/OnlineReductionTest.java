// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.Analysis;
import kcc.passes.layout.BlockShare;
import kcc.passes.layout.BlockedLayout;
import kcc.passes.layout.LinearLayout;
import kcc.passes.placement.OnlineReduction;
import org.junit.jupiter.api.Test;

/// Softmax whose maximum and sum are one reduction, on the blocks of a cluster in random turns.
class OnlineReductionTest {
    private static final int SIZE = 512;

    /// Blocks take turns with pieces of `2^pieceBits` elements.
    private static PlacedKernel softmax(int pieceBits) {
        LinearLayout share = BlockedLayout.coalesced(new int[] {SIZE / 4}, List.of(0), 2, 4, 2).over(SIZE / 4);
        LinearLayout layout = BlockShare.spread(share, 0, 2, pieceBits);
        String tile = "tensor<" + SIZE + "xf32, " + layout + ">";
        String indices = "tensor<" + SIZE + "xi32, " + layout + ">";
        return PlacedKernel.ofCluster(4, 2, 4, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>, %l: !kcc.ptr<f32>", """
                %%i = kcc.arange : %1$s
                %%x = kcc.load %%p[%%i] : !kcc.ptr<f32>, %1$s -> %2$s
                %%z = arith.constant dense<0xFF800000> : tensor<f32>
                %%m = linalg.reduce ins(%%x : %2$s) outs(%%z : tensor<f32>) dimensions = [0]
                  (%%a: f32, %%b: f32) { %%r = arith.maxnumf %%a, %%b : f32 linalg.yield %%r : f32 }
                %%ms = tensor.extract %%m[] : tensor<f32>
                %%mt = tensor.splat %%ms : %2$s
                %%d = arith.subf %%x, %%mt : %2$s
                %%c = arith.constant dense<0.5> : %2$s
                %%h = arith.mulf %%d, %%c : %2$s
                %%e = math.exp %%h : %2$s
                %%zero = arith.constant dense<0.0> : tensor<f32>
                %%s = linalg.reduce ins(%%e : %2$s) outs(%%zero : tensor<f32>) dimensions = [0]
                  (%%a: f32, %%b: f32) { %%r = arith.addf %%a, %%b : f32 linalg.yield %%r : f32 }
                %%ss = tensor.extract %%s[] : tensor<f32>
                %%st = tensor.splat %%ss : %2$s
                %%y = arith.divf %%e, %%st : %2$s
                kcc.store %%y, %%q[%%i] : %2$s, !kcc.ptr<f32>, %1$s
                %%o = arith.constant 0 : i32
                kcc.store %%ss, %%l[%%o] : f32, !kcc.ptr<f32>, i32
                """.formatted(indices, tile));
    }

    private static PlacedKernel fused(int pieceBits) {
        PlacedKernel kernel = softmax(pieceBits);
        Operation sum = kernel.function().find("linalg.reduce").getLast();
        assertInstanceOf(Analysis.Plan.class, OnlineReduction.of(sum), "applies");
        if (OnlineReduction.of(sum) instanceof Analysis.Plan<OnlineReduction>(OnlineReduction plan)) {
            plan.rewrite();
        }
        return kernel.lowered();
    }

    /// Values of which some are minus infinity: whole warps and blocks too.
    private static void check(int pieceBits, IntUnaryOperator isFinite) {
        Random random = new Random(pieceBits);
        try (PlacedKernel kernel = fused(pieceBits)) {
            SimulatedMemory from = new SimulatedMemory("p", 4 * SIZE, false);
            SimulatedMemory to = new SimulatedMemory("q", 4 * SIZE, false);
            SimulatedMemory total = new SimulatedMemory("l", 4, false);
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < SIZE; i++) {
                float value = isFinite.applyAsInt(i) == 0 ? Float.NEGATIVE_INFINITY : (float) random.nextGaussian() * 30;
                from.bytes.putFloat(4 * i, value);
                max = Math.max(max, value);
            }
            double sum = 0;
            for (int i = 0; i < SIZE; i++) {
                sum += Math.exp((from.bytes.getFloat(4 * i) - max) * 0.5);
            }
            Map<String, Integer> executed = kernel.runCluster(4, random, from, to, total);
            assertEquals(2, executed.get("kcc.cluster_wait"), "the start and one exchange");
            assertEquals(sum, total.bytes.getFloat(0), 1e-5 * sum);
            for (int i = 0; i < SIZE; i++) {
                double expected = Math.exp((from.bytes.getFloat(4 * i) - max) * 0.5) / sum;
                assertEquals(expected, to.bytes.getFloat(4 * i), 1e-6, "element " + i);
                assertEquals(1, to.writes[4 * i]);
            }
        }
    }

    @Test
    void finiteValues() {
        check(7, _ -> 1);
        check(6, _ -> 1);
    }

    @Test
    void rowsThatEndEarly() {
        check(7, i -> i < 17 ? 1 : 0);
        check(6, i -> i < 300 ? 1 : 0);
        check(6, i -> i == 511 ? 1 : 0);
    }

    /// The difference of an infinite maximum from itself is no number, and so was the sum of two reductions.
    @Test
    void infiniteMaximaGiveNoNumber() {
        for (float value : new float[] {Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN}) {
            try (PlacedKernel kernel = fused(6)) {
                SimulatedMemory from = new SimulatedMemory("p", 4 * SIZE, false);
                SimulatedMemory to = new SimulatedMemory("q", 4 * SIZE, false);
                SimulatedMemory total = new SimulatedMemory("l", 4, false);
                for (int i = 0; i < SIZE; i++) {
                    from.bytes.putFloat(4 * i, value == Float.NEGATIVE_INFINITY || i == 3 ? value : 1);
                }
                kernel.runCluster(4, new Random(1), from, to, total);
                assertEquals(Float.NaN, total.bytes.getFloat(0));
                assertEquals(Float.NaN, to.bytes.getFloat(12));
            }
        }
    }
}
