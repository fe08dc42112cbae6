// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import kcc.mlir.ir.MlirContext;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.RandomLayouts;
import org.junit.jupiter.api.Test;

/// Moves of random tiles between random layouts, run for all threads of a block.
class MoveLoweringTest {
    /// Element types that can be stored, and the bytes they take.
    private enum Element {
        F32("f32", 4), I64("i64", 8), F16("f16", 2), I8("i8", 1), F8("f8E5M2", 1);

        final String text;
        final int bytes;

        Element(String text, int bytes) {
            this.text = text;
            this.bytes = bytes;
        }
    }

    /// The numbers of the elements of a tile in row-major order, in a layout: computed from nothing, so placed anywhere.
    private static String offsets(String name, LinearLayout layout, int[] shape) {
        StringBuilder text = new StringBuilder();
        String tile = sizes(shape) + "xi32, " + layout + ">";
        text.append("%" + name + "_0 = arith.constant dense<0> : tensor<" + tile + "\n");
        String sum = name + "_0";
        int stride = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            LinearLayout line = layout;
            for (int other = shape.length - 1; other >= 0; other--) {
                if (other != axis) {
                    line = line.slice(other);
                }
            }
            int[] thin = new int[shape.length];
            java.util.Arrays.fill(thin, 1);
            thin[axis] = shape[axis];
            String thinTile = "tensor<" + sizes(thin) + "xi32, " + line.reshape(thin) + ">";
            String lineTile = "tensor<" + shape[axis] + "xi32, " + line + ">";
            String n = name + axis;
            text.append("%%%s_a = kcc.arange : %s%n".formatted(n, lineTile));
            text.append("%%%s_b = kcc.reshape %%%s_a : %s -> %s%n".formatted(n, n, lineTile, thinTile));
            text.append("%%%s_c = kcc.broadcast %%%s_b : %s -> tensor<%s%n".formatted(n, n, thinTile, tile));
            text.append("%%%s_d = arith.constant dense<%d> : tensor<%s%n".formatted(n, stride, tile));
            text.append("%%%s_e = arith.muli %%%s_c, %%%s_d : tensor<%s%n".formatted(n, n, n, tile));
            text.append("%%%s_f = arith.addi %%%s, %%%s_e : tensor<%s%n".formatted(n, sum, n, tile));
            sum = n + "_f";
            stride *= shape[axis];
        }
        text.append("%" + name + " = arith.addi %" + name + "_0, %" + sum + " : tensor<" + tile + "\n");
        return text.toString();
    }

    private static String sizes(int... shape) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < shape.length; i++) {
            text.append(i == 0 ? "" : "x").append(shape[i]);
        }
        return text.toString();
    }

    private static String tile(int[] shape, String element, LinearLayout layout) {
        return "tensor<" + sizes(shape) + "x" + element + ", " + layout + ">";
    }

    /// Loads in layout `from`, applies `move`, and stores in the layout of the result.
    private static String copy(Element element, int[] shape, LinearLayout from, int[] resultShape, LinearLayout to, String move) {
        String source = tile(shape, element.text, from);
        String result = tile(resultShape, element.text, to);
        return offsets("i", from, shape) + offsets("o", to, resultShape)
                + "%x = kcc.load %p[%i] : !kcc.ptr<" + element.text + ">, " + tile(shape, "i32", from) + " -> " + source + "\n"
                + move.formatted(source, result)
                + "kcc.store %y, %q[%o] : " + result + ", !kcc.ptr<" + element.text + ">, " + tile(resultShape, "i32", to) + "\n";
    }

    private static void check(String body, Element element, int lanes, int warps, double shuffleCost, int elements,
            IntUnaryOperator sourceOf, String what) {
        check(body, element, PlacedKernel.target(lanes, shuffleCost), warps, elements, sourceOf, what);
    }

    private static void check(String body, Element element, FragmentTarget target, int warps, int elements,
            IntUnaryOperator sourceOf, String what) {
        SimulatedMemory from = new SimulatedMemory("p", elements * element.bytes, false);
        SimulatedMemory to = new SimulatedMemory("q", elements * element.bytes, false);
        new Random(elements).nextBytes(from.bytes.array());
        if (element.bytes <= 4 && element != Element.I8) {
            // Numbers that are no NaN keep their bits.
            for (int i = 0; i < from.bytes.capacity(); i++) {
                from.bytes.put(i, (byte) (from.bytes.get(i) & 0x3b));
            }
        }
        try (PlacedKernel kernel = PlacedKernel.of(target.warpSize(), warps,
                "%%p: !kcc.ptr<%s>, %%q: !kcc.ptr<%s>".formatted(element.text, element.text), body)) {
            kernel.lowered(target).run(from, to);
            for (int i = 0; i < elements; i++) {
                for (int b = 0; b < element.bytes; b++) {
                    assertEquals(from.bytes.get(sourceOf.applyAsInt(i) * element.bytes + b), to.bytes.get(i * element.bytes + b),
                            () -> what + "\n" + kernel.text());
                }
                assertEquals(1, to.writes[i * element.bytes], () -> "element written once, " + what);
            }
        }
    }

    @Test
    void conversionsBetweenRandomLayouts() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            int lanes = 2 + random.nextInt(2);
            int warps = random.nextInt(3);
            int[] shape = RandomLayouts.shape(random, 3, 8);
            LinearLayout from = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), shape);
            LinearLayout to = RandomLayouts.surjective(random, lanes, warps, random.nextBoolean(), shape);
            Element element = Element.values()[random.nextInt(Element.values().length)];
            String body = copy(element, shape, from, shape, to, "%%y = kcc.convert_layout %%x : %s -> %s\n");
            int elements = 1 << from.outputBits();
            double cost = random.nextBoolean() ? 1 : 1000;
            check(body, element, 1 << lanes, 1 << warps, cost, elements, i -> i,
                    "seed " + seed + " round " + round + " from " + from + " to " + to);
        }
    }

    /// A tile larger than the shared memory of the machine goes through it in rounds.
    @Test
    void conversionsInRounds() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            LinearLayout from = RandomLayouts.surjective(random, 3, 1, random.nextBoolean(), 8, 32);
            LinearLayout to = RandomLayouts.surjective(random, 3, 1, random.nextBoolean(), 8, 32);
            String body = copy(Element.F32, new int[] {8, 32}, from, new int[] {8, 32}, to,
                    "%%y = kcc.convert_layout %%x : %s -> %s\n");
            check(body, Element.F32, PlacedKernel.target(8, 1000, 256), 2, 256, i -> i,
                    "seed " + seed + " from " + from + " to " + to);
        }
    }

    /// Masks are i8 in shared memory and travel four to a shuffle.
    @Test
    void masks() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            LinearLayout from = RandomLayouts.surjective(random, 3, 1, random.nextBoolean(), 64);
            LinearLayout to = RandomLayouts.surjective(random, 3, 1, random.nextBoolean(), 64);
            String move = """
                    %%%%c = arith.constant dense<0> : %%1$s
                    %%%%b = arith.cmpi slt, %%%%x, %%%%c : %%1$s
                    %%%%d = kcc.convert_layout %%%%b : tensor<64xi1, %s> -> tensor<64xi1, %s>
                    %%%%y = arith.extui %%%%d : tensor<64xi1, %s> to %%2$s
                    """.formatted(from, to, to);
            String body = copy(Element.I8, new int[] {64}, from, new int[] {64}, to, move);
            try (PlacedKernel kernel = PlacedKernel.of(8, 2, "%p: !kcc.ptr<i8>, %q: !kcc.ptr<i8>", body)) {
                SimulatedMemory p = new SimulatedMemory("p", 64, false);
                SimulatedMemory q = new SimulatedMemory("q", 64, false);
                random.nextBytes(p.bytes.array());
                kernel.lowered(PlacedKernel.target(8, random.nextBoolean() ? 1 : 1000)).run(p, q);
                for (int i = 0; i < 64; i++) {
                    assertEquals(p.bytes.get(i) < 0 ? 1 : 0, q.bytes.get(i), "seed " + seed + " from " + from + " to " + to);
                }
            }
        }
    }

    @Test
    void transposes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int rows = 1 << random.nextInt(5);
            int columns = 1 << random.nextInt(5);
            LinearLayout from = RandomLayouts.surjective(random, 3, 1, false, rows, columns);
            LinearLayout to = random.nextBoolean() ? from.transpose(1, 0)
                    : RandomLayouts.surjective(random, 3, 1, false, columns, rows);
            String body = copy(Element.F32, new int[] {rows, columns}, from, new int[] {columns, rows}, to, """
                    %%e = tensor.empty() : %2$s
                    %%y = linalg.transpose ins(%%x : %1$s) outs(%%e : %2$s) permutation = [1, 0]
                    """);
            check(body, Element.F32, 8, 2, 1, rows * columns, i -> i % rows * columns + i / rows, "seed " + seed);
        }
    }

    @Test
    void reshapes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 10; round++) {
            LinearLayout from = RandomLayouts.surjective(random, 3, 1, true, 8, 16);
            LinearLayout to = RandomLayouts.surjective(random, 3, 1, true, 4, 2, 16);
            String body = copy(Element.F16, new int[] {8, 16}, from, new int[] {4, 2, 16}, to,
                    "%%y = kcc.reshape %%x : %s -> %s\n");
            check(body, Element.F16, 8, 2, 1, 128, i -> i, "seed " + seed);
        }
    }

    @Test
    void equalLayoutsCostNothing() {
        LinearLayout layout = LinearLayout.ofTile(64).walk("register", 0, 1, 2).walk("lane", 0, 4, 3).walk("warp", 0, 32, 1).build();
        String body = copy(Element.F32, new int[] {64}, layout, new int[] {64}, layout, "%%y = kcc.convert_layout %%x : %s -> %s\n");
        try (PlacedKernel kernel = PlacedKernel.of(8, 2, "%p: !kcc.ptr<f32>, %q: !kcc.ptr<f32>", body).lowered();
                MlirContext _ = MlirContext.create()) {
            assertTrue(kernel.function().find("gpu.shuffle").isEmpty());
            assertEquals(List.of(), kernel.function().find("kcc.shared_base"));
        }
    }
}
