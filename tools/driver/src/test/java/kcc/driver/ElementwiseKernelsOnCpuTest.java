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
import org.junit.jupiter.params.provider.CsvSource;
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
  void geglu(boolean triton) {
    try (CpuExample example = triton
        ? new CpuExample("triton/geglu.py", null, "a_ptr:*f32, b_ptr:*f32, y_ptr:*f32, n:i32", Map.of("BLOCK", "2048"), failures)
        : new CpuExample("geglu.py", null, null, Map.of(), failures)) {
      for (int n : LENGTHS) {
        try (Launch launch = example.launch()) {
          double[] a = launch.in(Format.F32, normal(n)).numbers();
          double[] b = launch.in(Format.F32, normal(n)).numbers();
          Array y = launch.out(Format.F32, n);
          launch.sizes(triton, n).run((n + 2047) / 2048);
          for (int i = 0; i < n; i++) {
            double wanted = a[i] * Reference.normalDistribution(a[i]) * b[i];
            check(wanted, y.at(i), 2e-6 * Math.abs(b[i]) * (1 + Math.abs(a[i])), "element " + i);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void maskedFill(boolean triton) {
    try (CpuExample example = triton
        ? new CpuExample("triton/masked_fill.py", null, "x_ptr:*bf16, mask_ptr:*i1, y_ptr:*bf16, value:f32, n:i32",
            Map.of("BLOCK", "2048"), failures)
        : new CpuExample("masked_fill.py", null, null, Map.of("T", "bf16"), failures)) {
      for (int n : LENGTHS) {
        try (Launch launch = example.launch()) {
          double[] x = launch.in(Format.BF16, normal(n)).numbers();
          double[] mask = launch.in(Format.I8, random.doubles(n).map(u -> u < 0.3 ? 1 : 0).toArray()).numbers();
          Array y = launch.out(Format.BF16, n);
          launch.number(Float.NEGATIVE_INFINITY).sizes(triton, n).run((n + 2047) / 2048);
          for (int i = 0; i < n; i++) {
            check(mask[i] != 0 ? Double.NEGATIVE_INFINITY : x[i], y.at(i), 0, "element " + i);
          }
        }
      }
    }
  }

  /// Three steps, so that the moments of one are those the next begins with.
  @ParameterizedTest
  @CsvSource({"false, F32", "false, BF16", "true, F32", "true, BF16"})
  void adam(boolean triton, Format format) {
    String type = format == Format.F32 ? "f32" : "bf16";
    try (CpuExample example = triton
        ? new CpuExample("triton/adam.py", null, "p_ptr:*%1$s, grad_ptr:*%1$s, m_ptr:*f32, v_ptr:*f32, lr:f32, beta1:f32, "
            .formatted(type) + "beta2:f32, eps:f32, decay:f32, bias1:f32, bias2:f32, n:i32", Map.of("BLOCK", "1024"), failures)
        : new CpuExample("adam.py", null, null, Map.of("T", type), failures)) {
      int n = 3001;
      double[] p = normal(n);
      double[] v = new double[n];
      double[] s = new double[n];
      for (int step = 1; step <= 3; step++) {
        try (Launch launch = example.launch()) {
          Array newP = launch.inOut(format, p);
          p = newP.numbers();
          double[] g = launch.in(format, normal(n)).numbers();
          Array newV = launch.inOut(Format.F32, v);
          Array newS = launch.inOut(Format.F32, s);
          float rate = 0.01f;
          float beta1 = 0.9f;
          float beta2 = 0.999f;
          float decay = 0.1f;
          float bias1 = (float) (1 - Math.pow(beta1, step));
          float bias2 = (float) (1 - Math.pow(beta2, step));
          launch.number(rate).number(beta1).number(beta2).number(1e-8f).number(decay).number(bias1).number(bias2)
              .sizes(triton, n).run((n + 1023) / 1024);
          for (int i = 0; i < n; i++) {
            v[i] = beta1 * v[i] + (1 - beta1) * g[i];
            s[i] = beta2 * s[i] + (1 - beta2) * g[i] * g[i];
            double wanted = p[i] - rate * (v[i] / bias1 / (Math.sqrt(s[i] / bias2) + 1e-8) + decay * p[i]);
            check(v[i], newV.at(i), 1e-6, "first moment " + i + " of step " + step);
            check(s[i], newS.at(i), 1e-6 * s[i] + 1e-9, "second moment " + i + " of step " + step);
            check(wanted, newP.at(i), format == Format.F32 ? 1e-6 : 4e-3 * Math.abs(wanted) + 1e-6, "element " + i);
          }
          p = newP.numbers();
          v = newV.numbers();
          s = newS.numbers();
        }
      }
    }
  }

  /// What is dropped is what Philox says, of seed and place alone.
  @ParameterizedTest
  @CsvSource({"1, 3", "5, 3001", "3, 2048"})
  void dropout(int rows, int columns) {
    float p = 0.3f;
    long seed = random.nextLong();
    for (String tile : new String[] {"1", "4"}) {
      try (CpuExample example = new CpuExample("gelu_dropout.py", null, null, Map.of("T", "f32", "BM", tile), failures);
          Launch launch = example.launch()) {
        double[] x = launch.in(Format.F32, normal(rows * columns)).numbers();
        double[] bias = launch.in(Format.F32, normal(columns)).numbers();
        double[] residual = launch.in(Format.F32, normal(rows * columns)).numbers();
        Array y = launch.out(Format.F32, rows * columns);
        int height = Integer.parseInt(tile);
        launch.number(p).number(seed).sizes(false, rows, columns)
            .run((rows + height - 1) / height, (columns + 2047) / 2048, 1);
        for (int i = 0; i < x.length; i++) {
          int row = i / columns;
          int column = i % columns;
          int[] words = Reference.philox(seed, column / 2048 * 512 + column % 512, row, 0, 0);
          boolean kept = Integer.toUnsignedLong(words[column / 512 % 4]) >= (long) (p * 4294967296f);
          checkDropout(kept, p, x[i] + bias[column], residual[i], y.at(i), "row " + row + ", column " + column);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 3", "5, 2000"})
  void dropoutInTritonsSpelling(int rows, int columns) {
    float p = 0.3f;
    int seed = random.nextInt(Integer.MAX_VALUE);
    try (CpuExample example = new CpuExample("triton/gelu_dropout.py", null, "x_ptr:*f32, bias_ptr:*f32, r_ptr:*f32, "
            + "y_ptr:*f32, n_elements:i32, n_cols:i32, p:f32, seed:i32", Map.of("BLOCK", "1024"), failures);
        Launch launch = example.launch()) {
      double[] x = launch.in(Format.F32, normal(rows * columns)).numbers();
      double[] bias = launch.in(Format.F32, normal(columns)).numbers();
      double[] residual = launch.in(Format.F32, normal(rows * columns)).numbers();
      Array y = launch.out(Format.F32, rows * columns);
      launch.number(x.length).number(columns).number(p).number(seed).run((x.length + 1023) / 1024);
      int kept = 0;
      for (int i = 0; i < x.length; i++) {
        int word = Reference.philox(seed, i, 0, 0, 0)[0];
        boolean keep = (word < 0 ? -word - 1 : word) * 4.6566127342e-10f >= p;
        kept += keep ? 1 : 0;
        checkDropout(keep, p, x[i] + bias[i % columns], residual[i], y.at(i), "element " + i);
      }
      assertEquals(x.length * (1 - p), kept, 6 * Math.sqrt(x.length * p * (1 - p)) + 1, "elements kept, seed " + this.seed);
    }
  }

  private void checkDropout(boolean kept, float p, double x, double residual, double got, String where) {
    double wanted = (kept ? x * Reference.normalDistribution(x) / (1 - p) : 0) + residual;
    check(wanted, got, kept ? 4e-6 * (1 + Math.abs(x) + Math.abs(residual)) : 0, where);
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
            launch.sizes(false, batches, positions, heads).run(batches * ((heads + 15) / 16), positions, 1);
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
