// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import kcc.passes.layout.LinearLayout;
import org.junit.jupiter.api.Test;

/// A program is one after the other for its block: what one thread stores and another loads is ordered by barriers.
class GlobalOrderTest {
    private static final LinearLayout LAYOUT =
            LinearLayout.ofTile(32).walk("lane", 0, 1, 3).walk("warp", 0, 8, 2).build();

    private static Map<String, Integer> run(String body, SimulatedMemory x) {
        try (PlacedKernel kernel = PlacedKernel.of(8, 4, "%p: !kcc.ptr<f32>", body.formatted(LAYOUT)).lowered()) {
            return kernel.run(x);
        }
    }

    @Test
    void elementsMoveWithinAnArray() {
        SimulatedMemory x = new SimulatedMemory("x", 4 * 33, true);
        for (int i = 0; i < 33; i++) {
            x.bytes.putFloat(4 * i, i);
        }
        Map<String, Integer> executed = run("""
                %%i = kcc.arange : tensor<32xi32, %1$s>
                %%j = kcc.arange {start = 1 : i64} : tensor<32xi32, %1$s>
                %%x = kcc.load %%p[%%j] : !kcc.ptr<f32>, tensor<32xi32, %1$s> -> tensor<32xf32, %1$s>
                kcc.store %%x, %%p[%%i] : tensor<32xf32, %1$s>, !kcc.ptr<f32>, tensor<32xi32, %1$s>
                """, x);
        assertEquals(1, executed.get("gpu.barrier"));
        assertEquals(5, x.bytes.getFloat(4 * 4));
    }

    @Test
    void ownElementsNeedNoBarrier() {
        SimulatedMemory x = new SimulatedMemory("x", 4 * 32, true);
        Map<String, Integer> executed = run("""
                %%i = kcc.arange : tensor<32xi32, %1$s>
                %%one = arith.constant dense<1.0> : tensor<32xf32, %1$s>
                %%x = kcc.load %%p[%%i] : !kcc.ptr<f32>, tensor<32xi32, %1$s> -> tensor<32xf32, %1$s>
                %%y = arith.addf %%x, %%one : tensor<32xf32, %1$s>
                kcc.store %%y, %%p[%%i] : tensor<32xf32, %1$s>, !kcc.ptr<f32>, tensor<32xi32, %1$s>
                """, x);
        assertEquals(null, executed.get("gpu.barrier"));
        assertEquals(1, x.bytes.getFloat(4 * 31));
    }

    @Test
    void aScalarIsReadByAllBeforeOneWrites() {
        SimulatedMemory x = new SimulatedMemory("x", 4, true);
        Map<String, Integer> executed = run("""
                %%c0 = arith.constant 0 : i32
                %%one = arith.constant 1.0 : f32
                %%x = kcc.load %%p[%%c0] : !kcc.ptr<f32>, i32 -> f32
                %%y = arith.addf %%x, %%one : f32
                kcc.store %%y, %%p[%%c0] : f32, !kcc.ptr<f32>, i32
                %%z = kcc.load %%p[%%c0] : !kcc.ptr<f32>, i32 -> f32
                %%w = arith.addf %%z, %%z : f32
                kcc.store %%w, %%p[%%c0] : f32, !kcc.ptr<f32>, i32
                """, x);
        assertEquals(3, executed.get("gpu.barrier"));
        assertEquals(2, x.bytes.getFloat(0));
    }
}
