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
import org.junit.jupiter.api.Test;

/// Spans that begin and end anywhere, moved on a machine that watches for races, for accesses out of line and for bytes
/// outside of the span.
class SpanLoweringTest {
    private static final int LANES = 8;
    private static final int WARPS = 4;
    private static final int GUARD = 64;

    /// An element type of so many bytes.
    private record Element(String name, int bytes) {}

    private static final List<Element> ELEMENTS =
            List.of(new Element("i8", 1), new Element("i16", 2), new Element("f32", 4), new Element("i64", 8));

    /// Where a span lies: elements before it, rows and columns.
    private record Place(int before, int rows, int columns) {
        static Place random(Random random, int[] shape, int mostColumns) {
            boolean isOneRow = shape.length == 1;
            return new Place(random.nextInt(40), isOneRow ? 1 : random.nextInt(shape[0] + 1), random.nextInt(mostColumns + 1));
        }

        int count() {
            return rows * columns;
        }
    }

    /// Memory that ends with the span, so that any access behind it is found, filled with noise.
    private static SimulatedMemory memory(String name, Element element, Place place, int behind, Random random) {
        SimulatedMemory memory = new SimulatedMemory(name, (place.before + place.count()) * element.bytes + behind, false);
        random.nextBytes(memory.bytes.array());
        if (element.name.equals("f32")) {
            // Numbers, so that their bits survive the way through the interpreter.
            for (int i = 0; i + 4 <= memory.bytes.capacity(); i += 4) {
                memory.bytes.putFloat(i, random.nextInt(1000));
            }
        }
        return memory;
    }

    private static String shapeText(int[] shape) {
        return shape.length == 1 ? shape[0] + "x" : shape[0] + "x" + shape[1] + "x";
    }

    private static LinearLayout layout(int[] shape, Random random) {
        int each = 1 << random.nextInt(3);
        if (shape.length == 1) {
            return BlockedLayout.coalesced(shape, List.of(0), each, LANES, WARPS).over(shape);
        }
        int lanesInRow = 1 << random.nextInt(4);
        int warpsInRow = 1 << random.nextInt(3);
        return new BlockedLayout(List.of(1, each), List.of(LANES / lanesInRow, lanesInRow),
                List.of(WARPS / warpsInRow, warpsInRow), List.of(1, 0)).over(shape);
    }

    private static int[] shape(Random random) {
        int[][] shapes = {{64}, {256}, {1024}, {1, 128}, {4, 32}, {16, 16}, {8, 64}, {64, 8}, {2}};
        return shapes[random.nextInt(shapes.length)];
    }

    /// What launchers check of the length of rows: any bound up to the tile's.
    private static int mostColumns(Random random, int[] shape) {
        int all = shape[shape.length - 1];
        return random.nextBoolean() ? all : 1 + random.nextInt(all);
    }

    private static String bounded(int mostColumns) {
        return """
                %%zero = arith.constant 0 : i32
                %%most = arith.constant %d : i32
                %%low = arith.maxsi %%columns, %%zero : i32
                %%c = arith.minsi %%low, %%most : i32
                """.formatted(mostColumns);
    }

    @RepeatedTest(60)
    void copiesASpanAndNothingElse(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        Element element = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
        int[] shape = shape(random);
        int most = mostColumns(random, shape);
        String tile = "tensor<%s%s, %s>".formatted(shapeText(shape), element.name, layout(shape, random));
        String body = """
                %%p = kcc.add_ptr %%x, %%from : !kcc.ptr<%1$s>, i32
                %%q = kcc.add_ptr %%y, %%to : !kcc.ptr<%1$s>, i32
                %%t = kcc.load_span %%p rows %%r columns %%c : !kcc.ptr<%1$s> -> %2$s
                kcc.store_span %%t, %%q rows %%r columns %%c : %2$s, !kcc.ptr<%1$s>
                """.formatted(element.name, tile);
        try (PlacedKernel kernel = kernel(element, bounded(most) + body).lowered()) {
            for (int round = 0; round < 6; round++) {
                Place from = Place.random(random, shape, most);
                Place to = new Place(random.nextInt(40), from.rows, from.columns);
                SimulatedMemory x = memory("x", element, from, 0, random);
                SimulatedMemory y = memory("y", element, to, GUARD, random);
                byte[] before = y.bytes.array().clone();
                Map<String, Integer> executed = kernel.run(x, y, (long) from.before, (long) to.before, (long) from.rows,
                        (long) from.columns);
                int first = to.before * element.bytes;
                int bytes = to.count() * element.bytes;
                String where = from + " to " + to + " of " + tile;
                for (int i = 0; i < before.length; i++) {
                    boolean isInside = i >= first && i < first + bytes;
                    assertEquals(isInside ? x.bytes.get(from.before * element.bytes + i - first) : before[i], y.bytes.get(i),
                            () -> where);
                    assertEquals(isInside ? 1 : 0, y.writes[i], () -> where);
                }
                assertTrue(executed.get("gpu.barrier") <= 3, where);
            }
        }
    }

    @RepeatedTest(30)
    void zerosLieOutside(RepetitionInfo repetition) {
        Random random = new Random(1000 + repetition.getCurrentRepetition());
        boolean isAligned = random.nextInt(3) == 0;
        Element element = ELEMENTS.get(random.nextInt(ELEMENTS.size()));
        int[] shape = shape(random);
        int most = mostColumns(random, shape);
        LinearLayout layout = layout(shape, random);
        int elements = shape.length == 1 ? shape[0] : shape[0] * shape[1];
        String text = shapeText(shape);
        // The whole tile is stored by offsets, so that nothing hides what the span's outside is read as.
        String body = """
                %%p = kcc.add_ptr %%x, %%from : !kcc.ptr<%1$s>, i32
                %%t = kcc.load_span %%%6$s rows %%r columns %%c : !kcc.ptr<%1$s> -> tensor<%2$s%1$s, %3$s>
                %%i = kcc.arange : tensor<%4$dxi32, %5$s>
                %%o = kcc.reshape %%i : tensor<%4$dxi32, %5$s> -> tensor<%2$si32, %3$s>
                kcc.store %%t, %%y[%%o] : tensor<%2$s%1$s, %3$s>, !kcc.ptr<%1$s>, tensor<%2$si32, %3$s>
                """.formatted(element.name, text, layout, elements, layout.reshape(elements),
                isAligned ? "x" : "p");
        try (PlacedKernel kernel = kernel(element, bounded(most) + body).lowered()) {
            for (int round = 0; round < 6; round++) {
                Place any = Place.random(random, shape, most);
                Place from = isAligned ? new Place(0, any.rows, any.columns) : any;
                SimulatedMemory x = memory("x", element, from, 0, random);
                SimulatedMemory y = memory("y", element, new Place(0, 1, elements), 0, random);
                kernel.run(x, y, (long) from.before, 0L, (long) from.rows, (long) from.columns);
                int columns = shape[shape.length - 1];
                for (int i = 0; i < elements; i++) {
                    int row = i / columns;
                    int column = i % columns;
                    boolean isInside = row < from.rows && column < from.columns;
                    int at = (from.before + row * from.columns + column) * element.bytes;
                    assertEquals(isInside ? bits(x.bytes, at, element) : 0, bits(y.bytes, i * element.bytes, element),
                            "element " + row + ", " + column + " of " + from);
                }
            }
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

    /// All loads of one operation are made before the block waits, and wait once.
    @Test
    void spansOfOneOperationShareABarrier() {
        LinearLayout layout = BlockedLayout.coalesced(new int[] {256}, List.of(0), 2, LANES, WARPS).over(256);
        String body = """
                %%p = kcc.add_ptr %%x, %%from : !kcc.ptr<i16>, i32
                %%q = kcc.add_ptr %%y, %%to : !kcc.ptr<i16>, i32
                %%one = arith.constant 1 : i32
                %%d = arith.minsi %%r, %%most : i32
                %%t, %%u = kcc.load_span %%p, %%q rows %%one, %%one columns %%d, %%c : !kcc.ptr<i16>, !kcc.ptr<i16>
                    -> tensor<256xi16, %1$s>, tensor<256xi16, %1$s>
                %%s = arith.addi %%t, %%u : tensor<256xi16, %1$s>
                kcc.store_span %%s, %%q rows %%one columns %%c : tensor<256xi16, %1$s>, !kcc.ptr<i16>
                """.formatted(layout);
        Random random = new Random(7);
        Element element = ELEMENTS.get(1);
        try (PlacedKernel kernel = kernel(element, bounded(256) + body).lowered()) {
            SimulatedMemory x = memory("x", element, new Place(3, 1, 200), 0, random);
            SimulatedMemory y = memory("y", element, new Place(5, 1, 211), 0, random);
            short[] sums = new short[211];
            for (int i = 0; i < 211; i++) {
                sums[i] = (short) (y.bytes.getShort(2 * (5 + i)) + (i < 200 ? x.bytes.getShort(2 * (3 + i)) : 0));
            }
            Map<String, Integer> executed = kernel.run(x, y, 3L, 5L, 200L, 211L);
            for (int i = 0; i < 211; i++) {
                assertEquals(sums[i], y.bytes.getShort(2 * (5 + i)));
            }
            // One for both loads, one inside of the store: small buffers lie apart.
            assertEquals(2, executed.get("gpu.barrier"));
        }
    }

    private static PlacedKernel kernel(Element element, String body) {
        return PlacedKernel.of(LANES, WARPS, "%%x: !kcc.ptr<%1$s> {kcc.divisibility = 16 : i64}, %%y: !kcc.ptr<%1$s>, %%from: i32, %%to: i32, %%r: i32, %%columns: i32"
                .formatted(element.name), body);
    }
}
