// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kernels of `examples` that order, choose, permute, scan and reduce along any axis, in both spellings, against plain
/// Java in `double`. Outputs start as NaN or -1.
class ReorderingKernelsTest {
  private static final boolean[] SPELLINGS = {false, true};

  @TempDir
  Path folder;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private KernelOnCpu example(boolean triton, String file, String signature, Map<String, String> defines) {
    return triton ? KernelOnCpu.example("triton/" + file, signature, defines, folder)
        : KernelOnCpu.example(file, null, Map.of(), folder);
  }

  private KernelOnCpu example(boolean triton, String file, String kernel, String signature, Map<String, String> defines) {
    return triton ? KernelOnCpu.example("triton/" + file, kernel, signature, defines, folder)
        : KernelOnCpu.example(file, kernel, null, Map.of(), folder);
  }

  /// With some equal ones.
  private float[] normal(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextInt(16) == 0 ? random.nextInt(-3, 4) : (float) random.nextGaussian();
    }
    return numbers;
  }

  private String where(int place) {
    return "element " + place + ", seed " + seed;
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "5, 1000", "4, 4097", "2, 20011"})
  void argmax(int m, int n) {
    float[] x = normal(m * n);
    Arrays.fill(x, 0, n, Float.NEGATIVE_INFINITY);
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "argmax.py", "x_ptr:*f32:16, y_ptr:*i32:16, n_cols:i32", Map.of("BLOCK", "2048"))) {
        kernel.array(x);
        MemorySegment y = kernel.poisoned(4L * m);
        (triton ? kernel.pass(n) : kernel.sizes(false, m, n)).run(m);
        for (int row = 0; row < m; row++) {
          int first = row * n;
          int best = IntStream.range(0, n).reduce((a, b) -> x[first + b] > x[first + a] ? b : a).orElseThrow();
          assertEquals(best, KernelOnCpu.intAt(y, row), where(row));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 8", "5, 1000", "4, 1024", "7, 77"})
  void topK(int m, int n) {
    int k = 8;
    float[] x = normal(m * n);
    for (int i = 0; i < x.length; i++) {
      // The Triton kernel orders the bits, where -0.0 is below 0.0.
      x[i] = x[i] == 0 ? 0.0f : x[i];
    }
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "top_k.py",
          "x_ptr:*f32:16, v_ptr:*f32:16, i_ptr:*i32:16, n_cols:i32", Map.of("BLOCK", "1024", "K", "8"))) {
        kernel.array(x);
        MemorySegment values = kernel.poisoned(4L * m * k);
        MemorySegment places = kernel.poisoned(4L * m * k);
        (triton ? kernel.pass(n) : kernel.sizes(false, m, n)).run(triton ? m : (m + 3) / 4);
        for (int row = 0; row < m; row++) {
          int first = row * n;
          List<Integer> order = IntStream.range(0, n).boxed()
              .sorted(Comparator.comparing(place -> -x[first + place])).toList();
          for (int i = 0; i < k; i++) {
            assertEquals(order.get(i), KernelOnCpu.intAt(places, row * k + i), where(row * k + i));
            assertEquals(x[first + order.get(i)], KernelOnCpu.at(values, row * k + i), where(row * k + i));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "5, 1000", "2, 1024", "9, 33"})
  void sortRows(int m, int n) {
    float[] x = normal(m * n);
    x[random.nextInt(x.length)] = Float.NaN;
    x[random.nextInt(x.length)] = Float.POSITIVE_INFINITY;
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] == 0 ? 0.0f : x[i];
    }
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "sort.py", "x_ptr:*f32:16, y_ptr:*f32:16, n_cols:i32", Map.of("BLOCK", "1024"))) {
        kernel.array(x);
        MemorySegment y = kernel.poisoned(4L * m * n);
        (triton ? kernel.pass(n) : kernel.sizes(false, m, n)).run(triton ? m : (m + 3) / 4);
        for (int row = 0; row < m; row++) {
          float[] expected = Arrays.copyOfRange(x, row * n, row * n + n);
          Arrays.sort(expected);
          for (int i = 0; i < n; i++) {
            assertEquals(expected[i], KernelOnCpu.at(y, row * n + i), where(row * n + i));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "300, 130", "1000, 128", "257, 1001"})
  void columnSum(int m, int n) {
    float[] x = normal(m * n);
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "column_sum.py", "x_ptr:*f32:16, y_ptr:*f32:16, n_rows:i32, n_cols:i32",
          Map.of("BLOCK_M", "16", "BLOCK_N", "128", "ROWS", "512"))) {
        kernel.array(x);
        MemorySegment y = kernel.array(new float[n]);
        kernel.sizes(triton, m, n).run((n + 127) / 128, (m + 511) / 512, 1);
        for (int c = 0; c < n; c++) {
          double sum = 0;
          double size = 0;
          for (int r = 0; r < m; r++) {
            sum += x[r * n + c];
            size += Math.abs(x[r * n + c]);
          }
          assertEquals(sum, KernelOnCpu.at(y, c), 1e-5 * size, where(c));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 77, 130", "2, 16, 128", "5, 100, 7"})
  void axisMax(int a, int n, int b) {
    float[] x = normal(a * n * b);
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "axis_max.py", "x_ptr:*f32:16, y_ptr:*f32:16, n:i32, b:i32",
          Map.of("BLOCK_N", "16", "BLOCK_B", "128"))) {
        kernel.array(x);
        MemorySegment y = kernel.poisoned(4L * a * b);
        (triton ? kernel.sizes(true, n, b) : kernel.sizes(false, a, n, b)).run(a, (b + 127) / 128, 1);
        for (int i = 0; i < a * b; i++) {
          float expected = Float.NEGATIVE_INFINITY;
          for (int k = 0; k < n; k++) {
            expected = Math.max(expected, x[(i / b * n + k) * b + i % b]);
          }
          assertEquals(expected, KernelOnCpu.at(y, i), where(i));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "100003, 7", "65536, 16"})
  void sumInTwoPasses(int n, int parts) {
    float[] x = normal(n);
    double sum = 0;
    double size = 0;
    for (float each : x) {
      sum += each;
      size += Math.abs(each);
    }
    for (boolean triton : SPELLINGS) {
      float[] part;
      try (KernelOnCpu kernel = example(triton, "sum_two_pass.py", "partial_sums",
          "x_ptr:*f32:16, part_ptr:*f32:16, n:i64", Map.of("BLOCK", "4096"))) {
        kernel.array(x);
        MemorySegment written = kernel.poisoned(4L * parts);
        (triton ? kernel.pass((long) n) : kernel.sizes(false, n, parts)).run(parts);
        part = written.toArray(ValueLayout.JAVA_FLOAT);
      }
      try (KernelOnCpu kernel = example(triton, "sum_two_pass.py", "total_sum",
          "part_ptr:*f32:16, y_ptr:*f32:16, parts:i32", Map.of("BLOCK", "1024"))) {
        kernel.array(part);
        MemorySegment y = kernel.poisoned(4);
        kernel.sizes(triton, parts).run(1);
        assertEquals(sum, KernelOnCpu.at(y, 0), 1e-6 * size, "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "4, 1024", "3, 5001"})
  void linearRecurrence(int m, int n) {
    float[] a = new float[m * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextFloat(-1, 1);
    }
    float[] b = normal(m * n);
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "linear_recurrence.py",
          "a_ptr:*f32:16, b_ptr:*f32:16, h_ptr:*f32:16, n_cols:i32", Map.of("BLOCK", "1024"))) {
        kernel.array(a);
        kernel.array(b);
        MemorySegment h = kernel.poisoned(4L * m * n);
        (triton ? kernel.pass(n) : kernel.sizes(false, m, n)).run(m);
        for (int row = 0; row < m; row++) {
          double value = 0;
          for (int i = row * n; i < (row + 1) * n; i++) {
            value = a[i] * value + b[i];
            assertEquals(value, KernelOnCpu.at(h, i), 1e-4, where(i));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "16384", "50003"})
  void histogram(int n) {
    int[] x = random.ints(n, -2, 258).toArray();
    int[] expected = new int[256];
    for (int value : x) {
      if (value >= 0 && value < 256) {
        expected[value]++;
      }
    }
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "histogram.py", "x_ptr:*i32:16, h_ptr:*i32:16, n:i64",
          Map.of("BLOCK", "2048", "PARTS", "8", "BINS", "256"))) {
        kernel.array(x);
        MemorySegment h = kernel.array(new int[256]);
        kernel.pass((long) n).run((n + 16383) / 16384);
        for (int bin = 0; bin < 256; bin++) {
          assertEquals(expected[bin], KernelOnCpu.intAt(h, bin), where(bin));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 9, 5, 128", "1, 33, 4, 77", "3, 1, 1, 1"})
  void headsFirst(int b, int s, int h, int d) {
    float[] x = normal(b * s * h * d);
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "permute.py", "heads_first",
          "x_ptr:*f32:16, y_ptr:*f32:16, S:i32, H:i32, D:i32",
          Map.of("BLOCK_S", "8", "BLOCK_H", "4", "BLOCK_D", "128"))) {
        kernel.array(x);
        MemorySegment y = kernel.poisoned(4L * x.length);
        (triton ? kernel.sizes(true, s, h, d) : kernel.sizes(false, b, s, h, d)).run(b, (s + 7) / 8, (h + 3) / 4);
        for (int i = 0; i < x.length; i++) {
          int from = ((i / (d * s * h) * s + i / d % s) * h + i / (d * s) % h) * d + i % d;
          assertEquals(x[from], KernelOnCpu.at(y, i), where(i));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 65, 77", "2, 64, 64", "1, 1, 130"})
  void lastAxisFirst(int a, int b, int c) {
    float[] x = normal(a * b * c);
    for (boolean triton : SPELLINGS) {
      try (KernelOnCpu kernel = example(triton, "permute.py", "last_axis_first",
          "x_ptr:*f32:16, y_ptr:*f32:16, I:i32, J:i32, K:i32", Map.of("BLOCK_J", "128", "BLOCK_K", "128"))) {
        kernel.array(x);
        MemorySegment y = kernel.poisoned(4L * x.length);
        kernel.sizes(triton, a, b, c).run(a, (b + 127) / 128, (c + 127) / 128);
        for (int i = 0; i < x.length; i++) {
          assertEquals(x[i % (a * b) * c + i / (a * b)], KernelOnCpu.at(y, i), where(i));
        }
      }
    }
  }

  @Test
  void conv2d() {
    int[][] shapes = {{2, 7, 9, 5, 3, 3, 3}, {1, 8, 8, 64, 70, 3, 3}, {3, 5, 4, 33, 8, 1, 2}};
    for (int[] shape : shapes) {
      int n = shape[0];
      int h = shape[1];
      int w = shape[2];
      int c = shape[3];
      int k = shape[4];
      int r = shape[5];
      int s = shape[6];
      int p = h + 2 - r + 1;
      int q = w + 2 - s + 1;
      short[] x = halves(n * h * w * c);
      short[] f = halves(k * r * s * c);
      for (boolean triton : SPELLINGS) {
        try (KernelOnCpu kernel = example(triton, "conv2d.py",
            "x_ptr:*f16:16, f_ptr:*f16:16, y_ptr:*f16:16, N:i32, H:i32, W:i32, C:i32, K:i32, R:i32, S:i32, P:i32, Q:i32",
            Map.of("STRIDE", "1", "PAD", "1", "BLOCK_M", "64", "BLOCK_K", "64", "BLOCK_C", "32"))) {
          kernel.array(x);
          kernel.array(f);
          MemorySegment y = kernel.poisoned(2L * n * p * q * k);
          kernel.sizes(triton, n, h, w, c, k, r, s, p, q).run((n * p * q + 63) / 64, (k + 63) / 64, 1);
          for (int i = 0; i < n * p * q * k; i++) {
            double sum = 0;
            double size = 0;
            for (int t = 0; t < r * s * c; t++) {
              int row = i / k / q % p + t / c / s - 1;
              int column = i / k % q + t / c % s - 1;
              if (row >= 0 && row < h && column >= 0 && column < w) {
                double term = (double) value(x[((i / k / q / p * h + row) * w + column) * c + t % c])
                    * value(f[i % k * r * s * c + t]);
                sum += term;
                size += Math.abs(term);
              }
            }
            float got = value(y.getAtIndex(ValueLayout.JAVA_SHORT, i));
            assertEquals(sum, got, 1e-3 * Math.abs(sum) + 1e-5 * size + 1e-6, where(i));
          }
        }
      }
    }
  }

  private short[] halves(int count) {
    short[] numbers = new short[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = Float.floatToFloat16((float) random.nextGaussian());
    }
    return numbers;
  }

  private static float value(short half) {
    return Float.float16ToFloat(half);
  }
}
