// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import kcc.passes.layout.LinearLayout;
import org.junit.jupiter.api.Test;

class ElementwiseLoweringTest {
    /// 64 elements over 2 warps of 8 lanes, 4 neighbours in each thread.
    private static final LinearLayout LAYOUT = LinearLayout.ofTile(64).walk("register", 0, 1, 2).walk("lane", 0, 4, 3)
            .walk("warp", 0, 32, 1).build();

    static String add(LinearLayout layout, int size) {
        return """
                %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                %%limit = tensor.splat %%n : tensor<%1$dxi32, %2$s>
                %%mask = arith.cmpi slt, %%i, %%limit : tensor<%1$dxi32, %2$s>
                %%a = kcc.load %%x[%%i] mask %%mask : !kcc.ptr<f32>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxf32, %2$s>
                %%b = kcc.load %%y[%%i] mask %%mask : !kcc.ptr<f32>, tensor<%1$dxi32, %2$s> -> tensor<%1$dxf32, %2$s>
                %%c = arith.addf %%a, %%b fastmath<contract> : tensor<%1$dxf32, %2$s>
                kcc.store %%c, %%z[%%i] mask %%mask : tensor<%1$dxf32, %2$s>, !kcc.ptr<f32>, tensor<%1$dxi32, %2$s>
                """.formatted(size, layout);
    }

    private static final String ARGUMENTS = "%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %z: !kcc.ptr<f32>, %n: i32";

    private static void runAdd(PlacedKernel kernel, int size, int limit) {
        SimulatedMemory x = new SimulatedMemory("x", 4 * limit, false);
        SimulatedMemory y = new SimulatedMemory("y", 4 * limit, false);
        SimulatedMemory z = new SimulatedMemory("z", 4 * limit, false);
        for (int i = 0; i < limit; i++) {
            x.bytes.putFloat(4 * i, i);
            y.bytes.putFloat(4 * i, 1000 * i);
        }
        kernel.run(x, y, z, (long) limit);
        for (int i = 0; i < limit; i++) {
            assertEquals(1001 * i, z.bytes.getFloat(4 * i));
            assertEquals(1, z.writes[4 * i], "each element is written once");
        }
    }

    @Test
    void vectorAddWithARaggedEnd() {
        try (PlacedKernel kernel = PlacedKernel.of(8, 2, ARGUMENTS, add(LAYOUT, 64)).lowered()) {
            runAdd(kernel, 64, 43);
        }
    }

    @Test
    void accessesAreVectorsWhereFactsAllow() {
        String arguments = ARGUMENTS.replace("f32>", "f32> {kcc.divisibility = 16 : i64}") + " {kcc.divisibility = 4 : i64}";
        try (PlacedKernel kernel = PlacedKernel.of(8, 2, arguments, add(LAYOUT, 64)).lowered()) {
            assertEquals(2, kernel.function().find("kcc.load_vector").size());
            assertEquals("vector<4xf32>", kernel.function().find("kcc.load_vector").getFirst().result().type().toString());
            runAdd(kernel, 64, 44);
        }
    }

    /// Nothing is known of the limit: whole vectors inside, single elements in the thread at the edge.
    @Test
    void vectorsInsideAndElementsAtTheEdge() {
        String arguments = ARGUMENTS.replace("f32>", "f32> {kcc.divisibility = 16 : i64}");
        try (PlacedKernel kernel = PlacedKernel.of(8, 2, arguments, add(LAYOUT, 64)).lowered()) {
            assertEquals("vector<4xf32>", kernel.function().find("llvm.load").getFirst().result().type().toString());
            assertEquals(8, kernel.function().find("kcc.load_vector").size());
            runAdd(kernel, 64, 43);
            runAdd(kernel, 64, 64);
            runAdd(kernel, 64, 1);
        }
    }

    @Test
    void threadsThatHoldCopiesDoNotStore() {
        LinearLayout copies = LinearLayout.ofTile(16).copies("register", 1).walk("lane", 0, 1, 3).copies("warp", 1)
                .walk("warp", 0, 8, 1).build();
        try (PlacedKernel kernel = PlacedKernel.of(8, 4, ARGUMENTS, add(copies, 16)).lowered()) {
            runAdd(kernel, 16, 13);
            assertEquals(1, kernel.function().find("arith.addf").size(), "copies in registers are not computed");
        }
    }
}
