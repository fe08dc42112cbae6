// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parts of tensors chosen by tiles of indices, from source to numbers: outside reads give zero, outside writes nothing.
class IndexedAccessTest {
  @TempDir
  Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private KernelOnCpu kernel(String parameters, String body) {
    return KernelOnCpu.text("""
        from kcc import *
        M, N, K = sizes("M", "N", "K")
        @kernel
        def k(%s):
            i = grid(1)
        """.formatted(parameters) + body.indent(4), null, folder);
  }

  /// From -3 to 2 beyond the end: some lie outside.
  private int[] indices(int count, int size) {
    return random.ints(count, -3, size + 3).toArray();
  }

  private float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() + 1;
    }
    return numbers;
  }

  private static boolean isIn(int index, int size) {
    return index >= 0 && index < size;
  }

  @Test
  void rowsAreGatheredAndScattered() {
    int m = 9;
    int n = 13;
    int[] index = indices(8, m);
    index[3] = Integer.MIN_VALUE;
    float[] x = numbers(m * n);
    try (KernelOnCpu k = kernel("X: Tensor[M, N, f32], I: Tensor[8, i32], Y: Tensor[8, N, f32], Z: Tensor[M, N, f32]", """
        rows = X[I[0:8], 0:16]
        Y[0:8, 0:16] = rows
        atomic_add(Z[I[:], 2:10], rows.to(f32)[:, :].reshape(8, 2, 8).sum(axis=1))
        """)) {
      k.array(x);
      k.array(index);
      MemorySegment y = k.poisoned(4L * 8 * n);
      MemorySegment z = k.array(new float[m * n]);
      k.pass((long) m).pass((long) n).run(1);
      double[] expected = new double[m * n];
      for (int r = 0; r < 8; r++) {
        for (int c = 0; c < n; c++) {
          float wanted = isIn(index[r], m) ? x[index[r] * n + c] : 0;
          assertEquals(wanted, KernelOnCpu.at(y, r * n + c), 0, "row " + r + " column " + c + ", seed " + seed);
        }
        if (isIn(index[r], m)) {
          for (int c = 2; c < 10; c++) {
            int right = c - 2 + 8;
            expected[index[r] * n + c] += x[index[r] * n + c - 2] + (right < n ? x[index[r] * n + right] : 0);
          }
        }
      }
      for (int i = 0; i < m * n; i++) {
        assertEquals(expected[i], KernelOnCpu.at(z, i), 1e-5 * expected[i], "element " + i + ", seed " + seed);
      }
    }
  }

  @Test
  void tilesOfIndicesMeetInOneShapeBesideScalarsAndSlices() {
    int m = 5;
    int n = 6;
    int k = 7;
    int[] rows = indices(4, n);
    int[] columns = indices(8, k);
    float[] x = numbers(m * n * k);
    try (KernelOnCpu kernel = kernel(
        "X: Tensor[M, N, K, f32], R: Tensor[4, i32], C: Tensor[8, i32], Y: Tensor[4, 8, f32], Z: Tensor[8, 4, f32], s: i32", """
        r = R[0:4]
        c = C[0:8].to(i64)
        Y[:, :] = X[s, r[:, None], c[None, :]]
        Z[:, :] = X[0:8, r, 2]
        """)) {
      kernel.array(x);
      kernel.array(rows);
      kernel.array(columns);
      MemorySegment y = kernel.poisoned(4L * 32);
      MemorySegment z = kernel.poisoned(4L * 32);
      kernel.pass(3).pass((long) m).pass((long) n).pass((long) k).run(1);
      for (int a = 0; a < 4; a++) {
        for (int b = 0; b < 8; b++) {
          boolean inside = isIn(rows[a], n) && isIn(columns[b], k);
          assertEquals(inside ? x[(3 * n + rows[a]) * k + columns[b]] : 0, KernelOnCpu.at(y, a * 8 + b), 0, "seed " + seed);
          boolean inZ = b < m && isIn(rows[a], n);
          assertEquals(inZ ? x[(b * n + rows[a]) * k + 2] : 0, KernelOnCpu.at(z, b * 4 + a), 0, "seed " + seed);
        }
      }
    }
  }

  @Test
  void masksOnPartsAndOtherTypes() {
    int n = 11;
    int[] index = indices(16, n);
    float[] x = numbers(n);
    int[] written = random.ints(16, 0, 100).toArray();
    try (KernelOnCpu k = kernel(
        "X: Tensor[N, f32], I: Tensor[16, i32], Y: Tensor[16, f32], Z: Tensor[16, f32], W: Tensor[16, i32], F: Tensor[16, bool]", """
        t = I[0:16]
        m = arange(16) % 3 != 0
        Y[:] = load(X[t], mask=m, other=7)
        Z[:] = load(X[0:16], mask=m, other=-1.0)
        store(W[15 - arange(16)], arange(16), mask=m)
        F[arange(16)] = t > 4
        """)) {
      k.array(x);
      k.array(index);
      MemorySegment y = k.poisoned(64);
      MemorySegment z = k.poisoned(64);
      MemorySegment w = k.array(written);
      MemorySegment f = k.poisoned(16);
      k.pass((long) n).run(1);
      for (int i = 0; i < 16; i++) {
        boolean on = i % 3 != 0;
        // One mask says both: what lies outside is 'other' too.
        assertEquals(on && isIn(index[i], n) ? x[index[i]] : 7, KernelOnCpu.at(y, i), 0, "seed " + seed);
        assertEquals(on && i < n ? x[i] : -1, KernelOnCpu.at(z, i), 0, "seed " + seed);
        assertEquals((15 - i) % 3 != 0 ? 15 - i : written[i], KernelOnCpu.intAt(w, i), "seed " + seed);
        assertEquals(index[i] > 4 ? 1 : 0, f.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i), "seed " + seed);
      }
    }
  }
}
