// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kcc.passes.layout.BlockedLayout;
import kcc.passes.layout.LinearLayout;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/// Windows of positions that begin and end anywhere, at addresses that are aligned and that are not, on a machine that
/// watches for accesses outside of arrays and out of line.
class WindowLoweringTest {
    private static final int LANES = 8;
    private static final int WARPS = 4;

    private record Element(String name, int bytes) {}

    private static final List<Element> ELEMENTS =
            List.of(new Element("i8", 1), new Element("i16", 2), new Element("i32", 4), new Element("i64", 8));

    /// A tile of one row.
    private record Tile(Element element, LinearLayout layout) {
        static Tile random(Random random) {
            Element element = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
            int[][] shapes = {{64}, {256}, {1024}, {1, 512}, {2}};
            return new Tile(element, spread(shapes[random.nextInt(shapes.length)], random));
        }

        static LinearLayout spread(int[] shape, Random random) {
            int last = shape.length - 1;
            int each = 1 << random.nextInt(5);
            List<Integer> order = last == 0 ? List.of(0) : List.of(1, 0);
            return BlockedLayout.coalesced(shape, order, Math.min(each, shape[last]), LANES, WARPS).over(shape);
        }

        int size() {
            return layout.shape()[layout.rank() - 1];
        }

        /// As in its type.
        String sizes() {
            return (layout.rank() == 1 ? "" : "1x") + size() + "x";
        }

        LinearLayout line() {
            return layout.rank() == 1 ? layout : layout.reshape(size());
        }

        /// Its positions and the mask of its window.
        String window(boolean hasFrom) {
            return """
                    %%i = kcc.arange : tensor<%1$dxi32, %2$s>
                    %%o = kcc.reshape %%i : tensor<%1$dxi32, %2$s> -> tensor<%3$si32, %4$s>
                    %%lows = tensor.splat %%low : tensor<%1$dxi32, %2$s>
                    %%highs = tensor.splat %%high : tensor<%1$dxi32, %2$s>
                    %%a = arith.cmpi sge, %%i, %%lows : tensor<%1$dxi32, %2$s>
                    %%b = arith.cmpi slt, %%i, %%highs : tensor<%1$dxi32, %2$s>
                    %%c = arith.andi %%a, %%b : tensor<%1$dxi1, %2$s>
                    %%m = kcc.reshape %5$s : tensor<%1$dxi1, %2$s> -> tensor<%3$si1, %4$s>
                    """.formatted(size(), line(), sizes(), layout, hasFrom ? "%c" : "%b");
        }
    }

    @RepeatedTest(30)
    void loadsWhatIsInsideAndZeros(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Tile tile = Tile.random(random);
        Element element = tile.element;
        int size = tile.size();
        boolean hasFrom = random.nextBoolean();
        boolean isAligned = random.nextInt(3) == 0;
        String body = tile.window(hasFrom) + """
                %%p = kcc.add_ptr %%x, %%from : !kcc.ptr<%1$s>, i32
                %%t = kcc.load %%%4$s[%%o] mask %%m {kcc.window} : !kcc.ptr<%1$s>, tensor<%2$si32, %3$s> -> tensor<%2$s%1$s, %3$s>
                kcc.store %%t, %%y[%%o] : tensor<%2$s%1$s, %3$s>, !kcc.ptr<%1$s>, tensor<%2$si32, %3$s>
                """.formatted(element.name, tile.sizes(), tile.layout, isAligned ? "x" : "p");
        try (PlacedKernel kernel = kernel(element, body).lowered()) {
            for (int round = 0; round < 8; round++) {
                int low = hasFrom ? random.nextInt(Math.min(size, 40)) : 0;
                int high = random.nextInt(6) == 0 ? random.nextInt(size + 1) : Math.min(size, low + random.nextInt(size + 1));
                int from = isAligned ? 0 : random.nextBoolean() ? -low : random.nextInt(40) - low;
                // Memory that ends with the window, and often begins with it.
                SimulatedMemory x = new SimulatedMemory("x", Math.max(0, from + high) * element.bytes, false);
                SimulatedMemory y = new SimulatedMemory("y", size * element.bytes, false);
                random.nextBytes(x.bytes.array());
                random.nextBytes(y.bytes.array());
                kernel.run(x, y, (long) from, (long) low, (long) high);
                String where = "window from %d to %d of %d, memory from %d on".formatted(low, high, size, from);
                for (int i = 0; i < size; i++) {
                    boolean isInside = i >= low && i < high;
                    assertEquals(isInside ? bits(x.bytes, (from + i) * element.bytes, element) : 0,
                            bits(y.bytes, i * element.bytes, element), "position " + i + " of " + where);
                }
            }
        }
    }

    /// Arrays that are moved by as much as lies before the window, as weights of a shifted row are.
    @RepeatedTest(30)
    void severalArraysEndAnywhere(RepetitionInfo repetition) {
        Random random = new Random(3000 + repetition.getCurrentRepetition());
        Tile tile = Tile.random(random);
        Element element = tile.element;
        int size = tile.size();
        String body = tile.window(true) + """
                %%zero = arith.constant 0 : i32
                %%back = arith.subi %%zero, %%low : i32
                %%p = kcc.add_ptr %%x, %%back : !kcc.ptr<%1$s>, i32
                %%q = kcc.add_ptr %%x, %%back : !kcc.ptr<%1$s>, i32
                %%t = kcc.load %%p[%%o] mask %%m {kcc.window} : !kcc.ptr<%1$s>, tensor<%2$si32, %3$s> -> tensor<%2$s%1$s, %3$s>
                %%u = kcc.load %%q[%%o] mask %%m {kcc.window} : !kcc.ptr<%1$s>, tensor<%2$si32, %3$s> -> tensor<%2$s%1$s, %3$s>
                %%v = arith.andi %%t, %%u : tensor<%2$s%1$s, %3$s>
                kcc.store %%v, %%y[%%o] mask %%m {kcc.window} : tensor<%2$s%1$s, %3$s>, !kcc.ptr<%1$s>, tensor<%2$si32, %3$s>
                """.formatted(element.name, tile.sizes(), tile.layout);
        try (PlacedKernel kernel = kernel(element, body).lowered()) {
            for (int round = 0; round < 8; round++) {
                int low = random.nextInt(Math.min(size, 16));
                int high = Math.min(size, low + random.nextInt(size + 1));
                SimulatedMemory x = new SimulatedMemory("x", (high - low) * element.bytes, false);
                SimulatedMemory y = new SimulatedMemory("y", high * element.bytes, false);
                random.nextBytes(x.bytes.array());
                kernel.run(x, y, 0L, (long) low, (long) high);
                for (int i = low; i < high; i++) {
                    assertEquals(bits(x.bytes, (i - low) * element.bytes, element), bits(y.bytes, i * element.bytes, element),
                            "position %d of %d to %d".formatted(i, low, high));
                }
            }
        }
    }

    /// Rows of a tile that lie apart, of which memory has the first ones.
    @RepeatedTest(20)
    void rowsLieApart(RepetitionInfo repetition) {
        Random random = new Random(4000 + repetition.getCurrentRepetition());
        Element element = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
        int rows = 2 << random.nextInt(2);
        int size = 64 << random.nextInt(3);
        int apart = size + 16 * random.nextInt(4);
        LinearLayout layout = Tile.spread(new int[] {rows, size}, random);
        String body = """
                %%r = kcc.arange : tensor<%1$dxi32, %3$s>
                %%counts = tensor.splat %%from : tensor<%1$dxi32, %3$s>
                %%rm = arith.cmpi slt, %%r, %%counts : tensor<%1$dxi32, %3$s>
                %%w = arith.constant dense<%9$d> : tensor<%1$dxi32, %3$s>
                %%b = arith.muli %%r, %%w : tensor<%1$dxi32, %3$s>
                %%i = kcc.arange : tensor<%2$dxi32, %4$s>
                %%lows = tensor.splat %%low : tensor<%2$dxi32, %4$s>
                %%highs = tensor.splat %%high : tensor<%2$dxi32, %4$s>
                %%from_low = arith.cmpi sge, %%i, %%lows : tensor<%2$dxi32, %4$s>
                %%below = arith.cmpi slt, %%i, %%highs : tensor<%2$dxi32, %4$s>
                %%cm = arith.andi %%from_low, %%below : tensor<%2$dxi1, %4$s>
                %%b1 = kcc.reshape %%b : tensor<%1$dxi32, %3$s> -> tensor<%1$dx1xi32, %5$s>
                %%b2 = kcc.broadcast %%b1 : tensor<%1$dx1xi32, %5$s> -> tensor<%1$dx%2$dxi32, %7$s>
                %%i1 = kcc.reshape %%i : tensor<%2$dxi32, %4$s> -> tensor<1x%2$dxi32, %6$s>
                %%i2 = kcc.broadcast %%i1 : tensor<1x%2$dxi32, %6$s> -> tensor<%1$dx%2$dxi32, %7$s>
                %%o = arith.addi %%b2, %%i2 : tensor<%1$dx%2$dxi32, %7$s>
                %%rm1 = kcc.reshape %%rm : tensor<%1$dxi1, %3$s> -> tensor<%1$dx1xi1, %5$s>
                %%rm2 = kcc.broadcast %%rm1 : tensor<%1$dx1xi1, %5$s> -> tensor<%1$dx%2$dxi1, %7$s>
                %%cm1 = kcc.reshape %%cm : tensor<%2$dxi1, %4$s> -> tensor<1x%2$dxi1, %6$s>
                %%cm2 = kcc.broadcast %%cm1 : tensor<1x%2$dxi1, %6$s> -> tensor<%1$dx%2$dxi1, %7$s>
                %%m = arith.andi %%cm2, %%rm2 : tensor<%1$dx%2$dxi1, %7$s>
                %%t = kcc.load %%x[%%o] mask %%m {kcc.window} : !kcc.ptr<%8$s>, tensor<%1$dx%2$dxi32, %7$s> -> tensor<%1$dx%2$dx%8$s, %7$s>
                kcc.store %%t, %%y[%%o] mask %%m {kcc.window} : tensor<%1$dx%2$dx%8$s, %7$s>, !kcc.ptr<%8$s>, tensor<%1$dx%2$dxi32, %7$s>
                """.formatted(rows, size, layout.slice(1), layout.slice(0), layout.squash(1), layout.squash(0), layout, element.name,
                apart);
        try (PlacedKernel kernel = kernel(element, body).lowered()) {
            for (int round = 0; round < 8; round++) {
                int count = 1 + random.nextInt(rows);
                int low = random.nextInt(16);
                int high = Math.min(size, low + 1 + random.nextInt(size));
                // Memory that ends with the last row's window.
                int bytes = ((count - 1) * apart + high) * element.bytes;
                SimulatedMemory x = new SimulatedMemory("x", bytes, false);
                SimulatedMemory y = new SimulatedMemory("y", bytes, false);
                random.nextBytes(x.bytes.array());
                byte[] before = y.bytes.array().clone();
                kernel.run(x, y, (long) count, (long) low, (long) high);
                for (int i = 0; i < bytes; i++) {
                    int column = i / element.bytes % apart;
                    boolean isInside = column >= low && column < high;
                    assertEquals(isInside ? x.bytes.get(i) : before[i], y.bytes.get(i), "byte " + i);
                    assertEquals(isInside ? 1 : 0, y.writes[i], "byte " + i);
                }
            }
        }
    }

    /// Whole vectors are read up to a bound, and what is outside of a window in it becomes something else.
    @RepeatedTest(20)
    void choosesWhileLoading(RepetitionInfo repetition) {
        Random random = new Random(2000 + repetition.getCurrentRepetition());
        Tile tile = Tile.random(random);
        Element element = tile.element;
        int size = tile.size();
        String body = tile.window(true) + """
                %%froms = tensor.splat %%from : tensor<%4$dxi32, %5$s>
                %%d = arith.cmpi slt, %%i, %%froms : tensor<%4$dxi32, %5$s>
                %%e = kcc.reshape %%d : tensor<%4$dxi1, %5$s> -> tensor<%2$si1, %3$s>
                %%t = kcc.load %%x[%%o] mask %%e {kcc.window} : !kcc.ptr<%1$s>, tensor<%2$si32, %3$s> -> tensor<%2$s%1$s, %3$s>
                %%n = arith.constant dense<-7> : tensor<%2$s%1$s, %3$s>
                %%u = arith.select %%m, %%t, %%n : tensor<%2$si1, %3$s>, tensor<%2$s%1$s, %3$s>
                kcc.store %%u, %%y[%%o] : tensor<%2$s%1$s, %3$s>, !kcc.ptr<%1$s>, tensor<%2$si32, %3$s>
                """.formatted(element.name, tile.sizes(), tile.layout, size, tile.line());
        try (PlacedKernel kernel = kernel(element, body).lowered()) {
            for (int round = 0; round < 8; round++) {
                int low = random.nextInt(Math.min(size, 40));
                int high = Math.min(size, low + random.nextInt(size + 1));
                int vector = 16 / element.bytes;
                int bound = random.nextBoolean() ? Math.min(size, (high + vector - 1) / vector * vector) : random.nextInt(size + 1);
                SimulatedMemory x = new SimulatedMemory("x", bound * element.bytes, false);
                SimulatedMemory y = new SimulatedMemory("y", size * element.bytes, false);
                random.nextBytes(x.bytes.array());
                kernel.run(x, y, (long) bound, (long) low, (long) high);
                for (int i = 0; i < size; i++) {
                    long wanted = i < low || i >= high ? -7 : i >= bound ? 0 : bits(x.bytes, i * element.bytes, element);
                    assertEquals(wanted, bits(y.bytes, i * element.bytes, element),
                            "position " + i + " of %d to %d, of %d read".formatted(low, high, bound));
                }
            }
        }
    }

    @RepeatedTest(20)
    void storesWhatIsInsideAndNothingElse(RepetitionInfo repetition) {
        Random random = new Random(1000 + repetition.getCurrentRepetition());
        Tile tile = Tile.random(random);
        Element element = tile.element;
        int size = tile.size();
        boolean hasFrom = random.nextBoolean();
        String body = tile.window(hasFrom) + """
                %%t = kcc.load %%x[%%o] : !kcc.ptr<%1$s>, tensor<%2$si32, %3$s> -> tensor<%2$s%1$s, %3$s>
                kcc.store %%t, %%y[%%o] mask %%m {kcc.window} : tensor<%2$s%1$s, %3$s>, !kcc.ptr<%1$s>, tensor<%2$si32, %3$s>
                """.formatted(element.name, tile.sizes(), tile.layout);
        try (PlacedKernel kernel = kernel(element, body).lowered()) {
            for (int round = 0; round < 8; round++) {
                int low = hasFrom ? random.nextInt(Math.min(size, 40)) : 0;
                int high = random.nextInt(6) == 0 ? random.nextInt(size + 1) : Math.min(size, low + random.nextInt(size + 1));
                SimulatedMemory x = new SimulatedMemory("x", size * element.bytes, false);
                SimulatedMemory y = new SimulatedMemory("y", Math.max(low, high) * element.bytes, false);
                random.nextBytes(x.bytes.array());
                random.nextBytes(y.bytes.array());
                byte[] before = y.bytes.array().clone();
                kernel.run(x, y, 0L, (long) low, (long) high);
                for (int i = 0; i < before.length; i++) {
                    boolean isInside = i >= low * element.bytes && i < high * element.bytes;
                    assertEquals(isInside ? x.bytes.get(i) : before[i], y.bytes.get(i));
                    assertEquals(isInside ? 1 : 0, y.writes[i]);
                }
            }
        }
    }

    /// A row of 1000 elements of 2 bytes anywhere in 1024 positions: 128 vectors, of which two are cut.
    @RepeatedTest(9)
    void fewElementsAreMovedAlone(RepetitionInfo repetition) {
        int low = repetition.getCurrentRepetition() - 1;
        Element element = ELEMENTS.get(1);
        int[] shape = {1024};
        LinearLayout layout = BlockedLayout.coalesced(shape, List.of(0), 8, LANES, WARPS).over(shape);
        String body = new Tile(element, layout).window(true) + """
                %%p = kcc.add_ptr %%x, %%from : !kcc.ptr<i16>, i32
                %%t = kcc.load %%p[%%o] mask %%m {kcc.window} : !kcc.ptr<i16>, tensor<1024xi32, %1$s> -> tensor<1024xi16, %1$s>
                kcc.store %%t, %%y[%%o] mask %%m {kcc.window} : tensor<1024xi16, %1$s>, !kcc.ptr<i16>, tensor<1024xi32, %1$s>
                """.formatted(layout);
        try (PlacedKernel kernel = kernel(element, body).lowered()) {
            SimulatedMemory x = new SimulatedMemory("x", 2000, false);
            SimulatedMemory y = new SimulatedMemory("y", 2 * (low + 1000), false);
            Map<String, Integer> executed = kernel.run(x, y, (long) -low, (long) low, (long) low + 1000);
            // 4 vectors of each of 32 threads, by two loads each; elements of at most 2 vectors, at most 3 where two read an end.
            assertTrue(executed.get("kcc.load_vector") <= 2 * 128 + 2 * 8, () -> executed.toString());
            assertTrue(executed.get("kcc.store_vector") <= 128 + 2 * 8, () -> executed.toString());
        }
    }

    private static long bits(ByteBuffer bytes, int at, Element element) {
        return switch (element.bytes) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            default -> bytes.getLong(at);
        };
    }

    private static PlacedKernel kernel(Element element, String body) {
        return PlacedKernel.of(LANES, WARPS, "%%x: !kcc.ptr<%1$s> {kcc.divisibility = 16 : i64}, %%y: !kcc.ptr<%1$s> {kcc.divisibility = 16 : i64}, %%from: i32, %%low: i32, %%high: i32"
                .formatted(element.name), body);
    }
}
