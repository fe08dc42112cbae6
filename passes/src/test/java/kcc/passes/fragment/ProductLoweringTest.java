// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Random;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.MatrixFragments;
import kcc.passes.layout.MfmaFragments;
import kcc.passes.layout.MmaFragments;
import org.junit.jupiter.api.Test;

class ProductLoweringTest {
    private static final int M = 64;
    private static final int N = 32;
    private static final int K = 32;

    /// Offsets of a row-major matrix; layouts of lines are slices of that of the tile.
    private static String offsets(String name, int rows, int columns, LinearLayout layout) {
        return """
                %%%1$si = kcc.arange : tensor<%2$dxi32, %4$s>
                %%%1$sj = kcc.arange : tensor<%3$dxi32, %5$s>
                %%%1$sia = kcc.reshape %%%1$si : tensor<%2$dxi32, %4$s> -> tensor<%2$dx1xi32, %6$s>
                %%%1$sja = kcc.reshape %%%1$sj : tensor<%3$dxi32, %5$s> -> tensor<1x%3$dxi32, %7$s>
                %%%1$sib = kcc.broadcast %%%1$sia : tensor<%2$dx1xi32, %6$s> -> tensor<%2$dx%3$dxi32, %8$s>
                %%%1$sjb = kcc.broadcast %%%1$sja : tensor<1x%3$dxi32, %7$s> -> tensor<%2$dx%3$dxi32, %8$s>
                %%%1$sw = arith.constant dense<%3$d> : tensor<%2$dx%3$dxi32, %8$s>
                %%%1$sk = arith.muli %%%1$sib, %%%1$sw : tensor<%2$dx%3$dxi32, %8$s>
                %%%1$so = arith.addi %%%1$sk, %%%1$sjb : tensor<%2$dx%3$dxi32, %8$s>
                """.formatted(name, rows, columns, layout.slice(1), layout.slice(0), layout.squash(1), layout.squash(0), layout);
    }

    private static void check(String instruction, Map<String, MatrixFragments> instructions, int lanes, int warps, LinearLayout a,
            LinearLayout b, LinearLayout d, LinearLayout memory) {
        String body = offsets("a", M, K, a) + offsets("b", K, N, b) + offsets("d", M, N, memory) + """
                %%x = kcc.load %%p[%%ao] : !kcc.ptr<f16>, tensor<%1$dx%3$dxi32, %4$s> -> tensor<%1$dx%3$dxf16, %4$s>
                %%y = kcc.load %%q[%%bo] : !kcc.ptr<f16>, tensor<%3$dx%2$dxi32, %5$s> -> tensor<%3$dx%2$dxf16, %5$s>
                %%z = arith.constant dense<1.0> : tensor<%1$dx%2$dxf32, %6$s>
                %%c0 = arith.constant 0 : i32
                %%c1 = arith.constant 1 : i32
                %%c2 = arith.constant 2 : i32
                %%r = scf.for %%i = %%c0 to %%c2 step %%c1 iter_args(%%acc = %%z) -> (tensor<%1$dx%2$dxf32, %6$s>) : i32 {
                  %%n = linalg.matmul {kcc.instruction = "%8$s"}
                    ins(%%x, %%y : tensor<%1$dx%3$dxf16, %4$s>, tensor<%3$dx%2$dxf16, %5$s>)
                    outs(%%acc : tensor<%1$dx%2$dxf32, %6$s>) -> tensor<%1$dx%2$dxf32, %6$s>
                  scf.yield %%n : tensor<%1$dx%2$dxf32, %6$s>
                }
                %%s = kcc.convert_layout %%r : tensor<%1$dx%2$dxf32, %6$s> -> tensor<%1$dx%2$dxf32, %7$s>
                kcc.store %%s, %%o[%%do] : tensor<%1$dx%2$dxf32, %7$s>, !kcc.ptr<f32>, tensor<%1$dx%2$dxi32, %7$s>
                """.formatted(M, N, K, a, b, d, memory, instruction);
        String arguments = "%p: !kcc.ptr<f16>, %q: !kcc.ptr<f16>, %o: !kcc.ptr<f32> {kcc.divisibility = 16 : i64}";
        try (PlacedKernel kernel = PlacedKernel.of(lanes, warps, instructions, arguments, body).lowered()) {
            SimulatedMemory p = new SimulatedMemory("p", 2 * M * K, false);
            SimulatedMemory q = new SimulatedMemory("q", 2 * K * N, false);
            SimulatedMemory o = new SimulatedMemory("o", 4 * M * N, false);
            Random random = new Random(3);
            for (int i = 0; i < M * K; i++) {
                p.bytes.putShort(2 * i, Float.floatToFloat16(random.nextInt(16) - 8));
            }
            for (int i = 0; i < K * N; i++) {
                q.bytes.putShort(2 * i, Float.floatToFloat16(random.nextInt(16) - 8));
            }
            kernel.run(p, q, o);
            for (int m = 0; m < M; m++) {
                for (int n = 0; n < N; n++) {
                    float sum = 1;
                    for (int k = 0; k < K; k++) {
                        sum += 2 * Float.float16ToFloat(p.bytes.getShort(2 * (m * K + k)))
                                * Float.float16ToFloat(q.bytes.getShort(2 * (k * N + n)));
                    }
                    assertEquals(sum, o.bytes.getFloat(4 * (m * N + n)), "row " + m + " column " + n);
                    assertEquals(1, o.writes[4 * (m * N + n)]);
                }
            }
        }
    }

    private static void check(MatrixFragments fragments, int lanes, int warpsM, int warpsN) {
        int lanesBits = Integer.numberOfTrailingZeros(lanes);
        int warpBits = Integer.numberOfTrailingZeros(warpsM * warpsN);
        LinearLayout memory = LinearLayout.ofTile(M, N).walk("register", 1, 1, 2).walk("lane", 1, 4, 3).walk("lane", 0, 1, lanesBits - 3)
                .walk("warp", 0, 1 << lanesBits - 3, warpBits).walk("register", 0, 1 << lanesBits - 3 + warpBits, 9 - lanesBits - warpBits)
                .build();
        check("test", Map.of("test", fragments), lanes, warpsM * warpsN, fragments.operandA(M, K, warpsM, warpsN),
                fragments.operandB(K, N, warpsM, warpsN), fragments.accumulator(M, N, warpsM, warpsN), memory);
    }

    @Test
    void matrixInstructionsOfWarps() {
        check(MmaFragments.m16n8(16, 16), 32, 2, 2);
        check(MmaFragments.m16n8(16, 8), 32, 1, 4);
    }

    @Test
    void matrixInstructionsOfWaves() {
        check(MfmaFragments.square(16, 16), 64, 2, 1);
        check(MfmaFragments.square(32, 8), 64, 2, 2);
    }

    @Test
    void multiplyAddsOfThreads() {
        LinearLayout d = LinearLayout.ofTile(M, N).walk("register", 1, 1, 2).walk("lane", 1, 4, 3).walk("warp", 0, 1, 1)
                .walk("register", 0, 2, 5).build();
        check("fma", Map.of(), 8, 2, d.squash(1).dropFreeBits("register").resize(M, K),
                d.squash(0).dropFreeBits("register").resize(K, N), d, d);
    }
}
