// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sorting, choosing, joining and counting elements, and reductions with a user's function, from source to numbers; every
/// kernel is compiled for the GPUs too.
class RearrangementTest {
  private static final int ROWS = 4;
  private static final int COLUMNS = 16;
  private static final int SIZE = 2 * ROWS * COLUMNS;

  @TempDir
  Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /// `x` is a tile [2, 4, 16] of floats, `i` one of ints; the body writes to the pointers `y` (f32) and `z` (i32).
  private record Outputs(float[] y, int[] z) {}

  private Outputs run(float[] x, int[] i, String helpers, String body) {
    return run(x, i, helpers, body, SIZE);
  }

  private Outputs run(float[] x, int[] i, String helpers, String body, int written) {
    String source = """
        import triton
        import triton.language as tl

        %s
        @triton.jit
        def k(x_ptr, i_ptr, y_ptr, z_ptr):
            o = (tl.arange(0, 2)[:, None] * 4 + tl.arange(0, 4)[None, :])[:, :, None] * 16 + tl.arange(0, 16)
            x = tl.load(x_ptr + o)
            i = tl.load(i_ptr + o)
        """.formatted(helpers) + body.indent(4);
    String signature = "x_ptr:*f32:16, i_ptr:*i32:16, y_ptr:*f32:16, z_ptr:*i32:16";
    try (KernelOnCpu kernel = KernelOnCpu.text(source, signature, folder)) {
      kernel.array(x);
      kernel.array(i);
      MemorySegment y = kernel.poisoned(4L * written);
      MemorySegment z = kernel.poisoned(4L * written);
      kernel.run(1);
      CompileRequest gpus = new CompileRequest(folder.resolve("kernel.py"), List.of(), List.of("h100", "mi300"),
          java.util.Map.of(), signature, null, Set.of(), null, folder);
      for (CompiledKernel image : new Compiler(1, _ -> { }, _ -> { }).compile(gpus).kernels()) {
        assertTrue(image.image().content().length > 0);
      }
      return new Outputs(y.toArray(ValueLayout.JAVA_FLOAT), z.toArray(ValueLayout.JAVA_INT));
    }
  }

  private float[] numbers() {
    float[] numbers = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      numbers[i] = random.nextInt(8) == 0 ? random.nextInt(-2, 2) : (float) random.nextGaussian();
    }
    return numbers;
  }

  private int[] integers(int low, int high) {
    return random.ints(SIZE, low, high).toArray();
  }

  private static float[] row(float[] x, int first, int stride, int length) {
    float[] row = new float[length];
    for (int i = 0; i < length; i++) {
      row[i] = x[first + i * stride];
    }
    return row;
  }

  /// First elements of the rows along an axis with this stride.
  private static int[] firsts(int stride, int length) {
    return IntStream.range(0, SIZE).filter(i -> i / stride % length == 0).toArray();
  }

  @Test
  void sortPutsNaNLastAlongAnyAxis() {
    float[] x = numbers();
    for (int i = 0; i < 10; i++) {
      x[random.nextInt(SIZE)] = List.of(Float.NaN, -Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY).get(i % 4);
    }
    Outputs got = run(x, integers(-9, 9), "", """
        tl.store(y_ptr + o, tl.sort(x, 1))
        tl.store(z_ptr + o, tl.sort(i, descending=True))
        """);
    for (int first : firsts(COLUMNS, ROWS)) {
      float[] expected = row(x, first, COLUMNS, ROWS);
      Arrays.sort(expected);
      for (int i = 0; i < ROWS; i++) {
        // Zeros of both signs are equal.
        assertEquals(expected[i], got.y[first + i * COLUMNS] + 0.0f, expected[i] == 0 ? 0.0f : 0, "seed " + seed);
      }
    }
    for (int first : firsts(1, COLUMNS)) {
      for (int i = 1; i < COLUMNS; i++) {
        assertTrue(got.z[first + i - 1] >= got.z[first + i], "seed " + seed);
      }
    }
  }

  @Test
  void argsortIsStableAndTopkGivesTheFirstOfEqualOnes() {
    int[] i = integers(-3, 3);
    Outputs got = run(numbers(), i, "from kcc import argsort, topk\n", """
        tl.store(z_ptr + o, argsort(i))
        v, p = topk(i, 4, return_indices=True)
        to = (tl.arange(0, 2)[:, None] * 4 + tl.arange(0, 4)[None, :])[:, :, None] * 8 + tl.arange(0, 4)
        tl.store(y_ptr + to, v.to(tl.float32))
        tl.store(y_ptr + to + 4, p.to(tl.float32))
        """);
    for (int first : firsts(1, COLUMNS)) {
      List<Integer> order = IntStream.range(0, COLUMNS).boxed()
          .sorted(Comparator.comparing(place -> i[first + place])).toList();
      List<Integer> falling = IntStream.range(0, COLUMNS).boxed()
          .sorted(Comparator.comparing(place -> -i[first + place])).toList();
      for (int place = 0; place < COLUMNS; place++) {
        assertEquals(order.get(place), got.z[first + place], "seed " + seed);
      }
      for (int place = 0; place < 4; place++) {
        assertEquals(i[first + falling.get(place)], got.y[first / 2 + place], "seed " + seed);
        assertEquals((float) falling.get(place), got.y[first / 2 + 4 + place], "seed " + seed);
      }
    }
  }

  @Test
  void smallTypesSort() {
    float[] x = numbers();
    Outputs got = run(x, integers(0, 2), "", """
        tl.store(y_ptr + o, tl.sort(x.to(tl.bfloat16), 2).to(tl.float32))
        a = tl.sort(i > 0, 2).to(tl.int32)
        b = tl.sort((i * 300).to(tl.uint8), 0).to(tl.int32)
        c = tl.sort((i.to(tl.int64) << 40) - tl.arange(0, 16), 2) >> 40
        tl.store(z_ptr + o, a + b * 1000 + c.to(tl.int32) * 10)
        """);
    for (int first : firsts(1, COLUMNS)) {
      for (int k = 1; k < COLUMNS; k++) {
        assertTrue(got.y[first + k - 1] <= got.y[first + k], "seed " + seed);
        int before = Math.floorMod(got.z[first + k - 1], 1000);
        int here = Math.floorMod(got.z[first + k], 1000);
        assertTrue(before % 10 <= here % 10, "seed " + seed);
      }
    }
  }

  @Test
  void flipJoinSplitInterleaveAndCat() {
    float[] x = numbers();
    Outputs got = run(x, integers(0, 9), "", """
        a, b = tl.split(tl.reshape(x, [2, 4, 8, 2]))
        back = tl.reshape(tl.join(b, a), [2, 4, 16])
        tl.store(y_ptr + o, tl.flip(tl.interleave(a, b), 2) + 100 * back)
        u, v = tl.split(tl.trans(tl.reshape(tl.flip(i, 1), [2, 64]), 1, 0))
        p, q = tl.split(tl.join(3, 4))
        tl.store(z_ptr + tl.arange(0, 128), tl.cat(v, u) * p + q)
        """);
    for (int i = 0; i < SIZE; i++) {
      int mirrored = i - i % COLUMNS + COLUMNS - 1 - i % COLUMNS;
      assertEquals(x[mirrored] + 100 * x[i ^ 1], got.y[i], "element " + i + ", seed " + seed);
    }
  }

  @Test
  void catAfterFlipKeepsOrder() {
    int[] i = integers(-99, 99);
    Outputs got = run(numbers(), i, "", """
        tl.store(y_ptr + o, x)
        u, v = tl.split(tl.trans(tl.reshape(tl.flip(i, 1), [2, 64]), 1, 0))
        p, q = tl.split(tl.join(3, 4))
        tl.store(z_ptr + tl.arange(0, 128), tl.cat(v, u) * p + q)
        """);
    for (int k = 0; k < SIZE; k++) {
      int from = (k + 64) % SIZE;
      int mirrored = from - (from / COLUMNS % ROWS) * COLUMNS + (ROWS - 1 - from / COLUMNS % ROWS) * COLUMNS;
      assertEquals(i[mirrored] * 3 + 4, got.z[k], "element " + k + ", seed " + seed);
    }
  }

  @Test
  void gatherAndHistogram() {
    float[] x = numbers();
    int[] i = integers(-1, 9);
    Outputs got = run(x, i, "", """
        tl.store(y_ptr + o, tl.gather(x, i % 5, 1))
        h = tl.histogram(tl.reshape(i, [128]), 8, mask=tl.arange(0, 128) >= 10)
        tl.store(z_ptr + tl.arange(0, 8), h)
        tl.store(z_ptr + 8 + tl.arange(0, 8), tl.histogram(i, 8))
        """, SIZE);
    int[] counts = new int[16];
    for (int k = 0; k < SIZE; k++) {
      int index = i[k] % 5;
      float expected = index < 0 || index >= ROWS ? 0 : x[k - (k / COLUMNS % ROWS) * COLUMNS + index * COLUMNS];
      assertEquals(expected, got.y[k], "element " + k + ", seed " + seed);
      if (i[k] >= 0 && i[k] < 8) {
        counts[i[k]] += k >= 10 ? 1 : 0;
        counts[8 + i[k]]++;
      }
    }
    assertEquals(Arrays.stream(counts).boxed().toList(), Arrays.stream(got.z, 0, 16).boxed().toList(), "seed " + seed);
  }

  @Test
  void reductionsWithAFunctionNeedNoIdentity() {
    float[] x = numbers();
    for (int k = 0; k < SIZE; k++) {
      x[k] -= 100;
    }
    Outputs got = run(x, integers(0, 9), """
        @triton.jit
        def larger(a, b):
            return tl.maximum(a, b)

        @triton.jit
        def smallest(a, ia, b, ib):
            first = (a < b) | ((a == b) & (ia < ib))
            return tl.where(first, a, b), tl.where(first, ia, ib)
        """, """
        tl.store(y_ptr + tl.arange(0, 2)[:, None] * 16 + tl.arange(0, 16), tl.reduce(x, 1, larger))
        k = tl.reduce(x, 2, larger, keep_dims=True)
        tl.store(y_ptr + 32 + tl.arange(0, 2)[:, None] * 4 + tl.arange(0, 4), tl.reshape(k, [2, 4]))
        tl.store(y_ptr + 40, tl.reduce(x, None, larger))
        v, p = tl.reduce((x, tl.broadcast_to(tl.arange(0, 2)[:, None, None], [2, 4, 16])), 0, smallest)
        tl.store(z_ptr + tl.arange(0, 4)[:, None] * 16 + tl.arange(0, 16), p)
        s = tl.softmax(x, 1)
        tl.store(y_ptr + 48, tl.sum(s))
        """, SIZE);
    float all = Float.NEGATIVE_INFINITY;
    for (int first : firsts(COLUMNS, ROWS)) {
      float largest = Float.NEGATIVE_INFINITY;
      for (float each : row(x, first, COLUMNS, ROWS)) {
        largest = Math.max(largest, each);
      }
      all = Math.max(all, largest);
      assertEquals(largest, got.y[first / 64 * 16 + first % 16], "seed " + seed);
    }
    for (int r = 0; r < 8; r++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (float each : row(x, 16 * r, 1, COLUMNS)) {
        largest = Math.max(largest, each);
      }
      assertEquals(largest, got.y[32 + r], "seed " + seed);
    }
    assertEquals(all, got.y[40], "seed " + seed);
    for (int k = 0; k < 64; k++) {
      assertEquals(x[k] <= x[64 + k] ? 0 : 1, got.z[k], "seed " + seed);
    }
    assertEquals(2 * COLUMNS, got.y[48], 1e-4, "seed " + seed);
  }
}
