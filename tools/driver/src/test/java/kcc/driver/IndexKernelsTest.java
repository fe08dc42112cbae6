// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kernels of `examples` that move data by indices, in both spellings, against plain Java in `double`.
class IndexKernelsTest {
  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private KernelOnCpu example(boolean triton, String file, String signature, Map<String, String> defines) {
    return KernelOnCpu.example((triton ? "triton/" : "") + file, triton ? signature : null, defines, failures);
  }

  private float[] normal(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({"5, 7, 16", "33, 1000, 515", "130, 50, 1024"})
  void embedding(int n, int v, int d) {
    // Some indices lie outside of the table.
    int[] index = random.ints(n, -1, v + 1).toArray();
    float[] w = normal(v * d);
    for (boolean triton : new boolean[] {false, true}) {
      try (KernelOnCpu kernel = example(triton, "embedding.py",
          "index_ptr:*i32:16, w_ptr:*f32:16, y_ptr:*f32:16, n_rows:i32, n_cols:i32, n_table:i32",
          triton ? Map.of("BLOCK_N", "4", "BLOCK_D", "512") : Map.of())) {
        kernel.array(index);
        kernel.array(w);
        MemorySegment y = kernel.poisoned(4L * n * d);
        (triton ? kernel.pass(n).pass(d).pass(v) : kernel.pass((long) n).pass((long) v).pass((long) d))
            .run((n + 3) / 4, (d + 511) / 512, 1);
        for (int row = 0; row < n; row++) {
          boolean inside = index[row] >= 0 && index[row] < v;
          for (int column = 0; column < d; column++) {
            assertEquals(inside ? w[index[row] * d + column] : 0, KernelOnCpu.at(y, row * d + column), 0,
                "row " + row + " column " + column + ", seed " + seed);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 7, 16", "301, 10, 300", "64, 1000, 256"})
  void embeddingBackward(int n, int v, int d) {
    int[] index = random.ints(n, -1, v + 1).toArray();
    float[] dy = normal(n * d);
    double[] expected = new double[v * d];
    double[] size = new double[v * d];
    for (int row = 0; row < n; row++) {
      for (int column = 0; index[row] >= 0 && index[row] < v && column < d; column++) {
        expected[index[row] * d + column] += dy[row * d + column];
        size[index[row] * d + column] += Math.abs(dy[row * d + column]);
      }
    }
    for (boolean triton : new boolean[] {false, true}) {
      try (KernelOnCpu kernel = example(triton, "embedding_backward.py",
          "index_ptr:*i32:16, dy_ptr:*f32:16, dw_ptr:*f32:16, n_rows:i32, n_cols:i32, n_table:i32",
          triton ? Map.of("BLOCK_N", "4", "BLOCK_D", "256") : Map.of())) {
        kernel.array(index);
        kernel.array(dy);
        MemorySegment dw = kernel.array(new float[v * d]);
        (triton ? kernel.pass(n).pass(d).pass(v) : kernel.pass((long) n).pass((long) d).pass((long) v))
            .run((n + 3) / 4, (d + 255) / 256, 1);
        for (int i = 0; i < v * d; i++) {
          assertEquals(expected[i], KernelOnCpu.at(dw, i), 1e-5 * size[i], "element " + i + ", seed " + seed);
        }
      }
    }
  }
}
