// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import kcc.driver.CpuExample.Array;
import kcc.driver.CpuExample.Launch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Examples that work on elements, in both spellings, against plain Java in `double`.
class ElementwiseKernelsOnCpuTest {
  private static final int[] LENGTHS = {1, 2048, 5003};

  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private double[] normal(int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextGaussian();
    }
    return numbers;
  }

  private void check(double wanted, double got, double tolerance, String where) {
    assertEquals(wanted, got, tolerance, where + ", seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void swiglu(boolean triton) {
    for (Format format : new Format[] {Format.F32, Format.BF16}) {
      String type = format == Format.F32 ? "f32" : "bf16";
      try (CpuExample example = triton
          ? new CpuExample("triton/swiglu.py", null, "a_ptr:*%1$s, b_ptr:*%1$s, y_ptr:*%1$s, n:i32".formatted(type),
              Map.of("BLOCK", "2048"), failures)
          : new CpuExample("swiglu.py", null, null, Map.of("T", type), failures)) {
        for (int n : LENGTHS) {
          try (Launch launch = example.launch()) {
            double[] a = launch.in(format, normal(n)).numbers();
            double[] b = launch.in(format, normal(n)).numbers();
            Array y = launch.out(format, n);
            launch.sizes(triton, n).run((n + 2047) / 2048);
            for (int i = 0; i < n; i++) {
              double wanted = a[i] / (1 + Math.exp(-a[i])) * b[i];
              check(wanted, y.at(i), Math.abs(wanted) * (format == Format.F32 ? 2e-6 : 4e-3) + 1e-7, "element " + i);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rotaryEmbedding(boolean triton) {
    int d = 64;
    try (CpuExample example = triton
        ? new CpuExample("triton/rope.py", null,
            "x_ptr:*f32, cos_ptr:*f32, sin_ptr:*f32, y_ptr:*f32, seq_len:i32, n_heads:i32",
            Map.of("D", "64", "BLOCK_H", "8"), failures)
        : new CpuExample("rope.py", null, null, Map.of("D", "64"), failures)) {
      for (int[] shape : new int[][] {{1, 1, 1}, {2, 5, 3}, {3, 4, 16}}) {
        int batches = shape[0];
        int positions = shape[1];
        int heads = shape[2];
        try (Launch launch = example.launch()) {
          double[] x = launch.in(Format.F32, normal(batches * positions * heads * d)).numbers();
          double[] cos = launch.in(Format.F32, normal(positions * d / 2)).numbers();
          double[] sin = launch.in(Format.F32, normal(positions * d / 2)).numbers();
          Array y = launch.out(Format.F32, x.length);
          if (triton) {
            launch.number(positions).number(heads).run(batches * positions, (heads + 7) / 8, 1);
          } else {
            launch.sizes(false, batches, positions, heads).run(batches, (positions + 1) / 2, (heads + 7) / 8);
          }
          for (int i = 0; i < x.length; i++) {
            int half = i % d % (d / 2);
            int angle = i / d / heads % positions * (d / 2) + half;
            double first = x[i / d * d + half];
            double second = x[i / d * d + half + d / 2];
            double wanted = i % d < d / 2 ? first * cos[angle] - second * sin[angle] : second * cos[angle] + first * sin[angle];
            check(wanted, y.at(i), 1e-5, "element " + i);
          }
        }
      }
    }
  }
}
