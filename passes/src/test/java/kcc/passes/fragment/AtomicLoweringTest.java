// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

class AtomicLoweringTest {
    /// Each element is counted once, however many threads hold it, and all of them learn the old value.
    @Test
    void eachElementOnceInRandomLayouts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int warps = random.nextInt(3);
            int size = 1 << random.nextInt(7);
            int limit = random.nextInt(size + 1);
            LinearLayout layout = RandomLayouts.surjective(random, 3, warps, random.nextBoolean(), size);
            String body = """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%l = tensor.splat %%n : tensor<%1$dxi32, %2$s>
                    %%m = arith.cmpi slt, %%i, %%l : tensor<%1$dxi32, %2$s>
                    %%one = arith.constant dense<1> : tensor<%1$dxi32, %2$s>
                    %%old = kcc.atomic_rmw add %%one, %%p[%%i] mask %%m : tensor<%1$dxi32, %2$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %2$s>
                    kcc.store %%old, %%q[%%i] mask %%m : tensor<%1$dxi32, %2$s>, !kcc.ptr<i32>, tensor<%1$dxi32, %2$s>
                    """.formatted(size, layout);
            try (PlacedKernel kernel =
                    PlacedKernel.of(8, 1 << warps, "%p: !kcc.ptr<i32>, %q: !kcc.ptr<i32>, %n: i32", body).lowered()) {
                SimulatedMemory p = new SimulatedMemory("p", 4 * size, false);
                SimulatedMemory q = new SimulatedMemory("q", 4 * size, false);
                for (int i = 0; i < size; i++) {
                    p.bytes.putInt(4 * i, 10 * i);
                }
                kernel.run(p, q, (long) limit);
                for (int i = 0; i < size; i++) {
                    assertEquals(10 * i + (i < limit ? 1 : 0), p.bytes.getInt(4 * i), "seed " + seed + " " + layout);
                    assertEquals(i < limit ? 10 * i : 0, q.bytes.getInt(4 * i), "seed " + seed + " " + layout);
                }
            }
        }
    }

    @Test
    void aScalarOnceForTheBlock() {
        String body = """
                %c0 = arith.constant 0 : i32
                %one = arith.constant 1.0 : f32
                %old = kcc.atomic_rmw fadd %one, %p[%c0] : f32, !kcc.ptr<f32>, i32
                %new = kcc.atomic_rmw fadd %old, %p[%c0] : f32, !kcc.ptr<f32>, i32
                """;
        try (PlacedKernel kernel = PlacedKernel.of(8, 4, "%p: !kcc.ptr<f32>", body).lowered()) {
            SimulatedMemory p = new SimulatedMemory("p", 4, false);
            p.bytes.putFloat(0, 5);
            kernel.run(p);
            assertEquals(11, p.bytes.getFloat(0));
        }
    }
}
