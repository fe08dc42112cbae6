// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import kcc.passes.layout.LinearLayout;
import org.junit.jupiter.api.Test;

/// Tiles carried by `scf`; the layout has copies in registers and lanes, so that carried values are fewer than registers.
class ControlLoweringTest {
    private static final LinearLayout LAYOUT = LinearLayout.ofTile(32).copies("register", 1).walk("register", 0, 1, 1)
            .walk("lane", 0, 2, 2).copies("lane", 1).walk("warp", 0, 8, 2).build();

    private static float[] run(String body, long n) {
        String arguments = "%p: !kcc.ptr<f32>, %n: i32";
        String around = """
                %%i = kcc.arange : tensor<32xi32, %1$s>
                %%x = kcc.load %%p[%%i] : !kcc.ptr<f32>, tensor<32xi32, %1$s> -> tensor<32xf32, %1$s>
                %%c0 = arith.constant 0 : i32
                %%c1 = arith.constant 1 : i32
                """ + body + """
                kcc.store %%y, %%p[%%i] : tensor<32xf32, %1$s>, !kcc.ptr<f32>, tensor<32xi32, %1$s>
                """;
        try (PlacedKernel kernel = PlacedKernel.of(8, 4, arguments, around.formatted(LAYOUT)).lowered()) {
            SimulatedMemory p = new SimulatedMemory("p", 4 * 32, true);
            for (int i = 0; i < 32; i++) {
                p.bytes.putFloat(4 * i, i + 1);
            }
            kernel.run(p, n);
            float[] result = new float[32];
            for (int i = 0; i < 32; i++) {
                result[i] = p.bytes.getFloat(4 * i);
            }
            return result;
        }
    }

    @Test
    void tilesOfAChoice() {
        String body = """
                %%b = arith.cmpi sgt, %%n, %%c0 : i32
                %%y, %%unused = scf.if %%b -> (tensor<32xf32, %1$s>, i32) {
                  %%s = arith.addf %%x, %%x : tensor<32xf32, %1$s>
                  scf.yield %%s, %%c0 : tensor<32xf32, %1$s>, i32
                } else {
                  %%s = arith.mulf %%x, %%x : tensor<32xf32, %1$s>
                  scf.yield %%s, %%c1 : tensor<32xf32, %1$s>, i32
                }
                """;
        assertEquals(2 * 7, run(body, 1)[6]);
        assertEquals(7 * 7, run(body, -1)[6]);
    }

    @Test
    void tilesOfALoopWithoutACount() {
        String body = """
                %%y, %%last = scf.while (%%a = %%x, %%k = %%n) : (tensor<32xf32, %1$s>, i32) -> (tensor<32xf32, %1$s>, i32) {
                  %%b = arith.cmpi sgt, %%k, %%c0 : i32
                  scf.condition(%%b) %%a, %%k : tensor<32xf32, %1$s>, i32
                } do {
                ^bb0(%%a: tensor<32xf32, %1$s>, %%k: i32):
                  %%d = arith.addf %%a, %%x : tensor<32xf32, %1$s>
                  %%m = arith.subi %%k, %%c1 : i32
                  scf.yield %%d, %%m : tensor<32xf32, %1$s>, i32
                }
                """;
        assertEquals(5 * 32, run(body, 4)[31]);
        assertEquals(32, run(body, 0)[31]);
    }

    @Test
    void tilesOfACountedLoop() {
        String body = """
                %%y, %%z = scf.for %%k = %%c0 to %%n step %%c1 iter_args(%%a = %%x, %%b = %%x)
                    -> (tensor<32xf32, %1$s>, tensor<32xf32, %1$s>) : i32 {
                  %%c = arith.addf %%a, %%b : tensor<32xf32, %1$s>
                  scf.yield %%b, %%c : tensor<32xf32, %1$s>, tensor<32xf32, %1$s>
                }
                """;
        // Fibonacci: 1 1 2 3 5 8
        assertEquals(5 * 10, run(body, 4)[9]);
    }
}
