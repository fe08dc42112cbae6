// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import kcc.driver.CpuExample.Array;
import kcc.driver.CpuExample.Launch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Examples that work on rows, in both spellings, against plain Java in `double`: fresh inputs of ragged sizes, outputs
/// poisoned, nothing else touched.
class RowKernelsOnCpuTest {
  private static final int[][] SHAPES = {{1, 1}, {3, 17}, {5, 256}, {9, 1000}};
  private static final Map<String, String> NATIVE = Map.of("BM", "4", "BN", "1024");
  private static final Map<String, String> TRITON = Map.of("BLOCK", "1024");

  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private double[] normal(int count) {
    return normal(count, 0, 1);
  }

  private double[] normal(int count, double mean, double deviation) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = mean + deviation * random.nextGaussian();
    }
    return numbers;
  }

  private void check(double wanted, double got, double tolerance, String where) {
    assertEquals(wanted, got, tolerance, where + ", seed " + seed);
  }

  private CpuExample example(boolean triton, String name, String signature) {
    return triton
        ? new CpuExample("triton/" + name + ".py", null, signature, TRITON, failures)
        : new CpuExample(name + ".py", null, null, NATIVE, failures);
  }

  private static int programs(boolean triton, int rows) {
    return triton ? rows : (rows + 3) / 4;
  }

  @ParameterizedTest
  @CsvSource({"false, F32", "false, BF16", "false, F16", "true, F32", "true, BF16"})
  void rmsNorm(boolean triton, Format format) {
    String type = format.name().toLowerCase(Locale.ROOT);
    // Half a unit in the last place, and what f32 adds to it.
    double relative = Math.scalb(1.0, format == Format.F32 ? -19 : format == Format.F16 ? -11 : -8) * 1.01;
    try (CpuExample example = triton
        ? new CpuExample("triton/rms_norm.py", null,
            "x_ptr:*%1$s, w_ptr:*%1$s, y_ptr:*%1$s, stride:i32, n_cols:i32, eps:f32".formatted(type), TRITON, failures)
        : new CpuExample("rms_norm.py", null, null, Map.of("BM", "4", "BN", "1024", "T", type), failures)) {
      for (int[] shape : SHAPES) {
        int rows = shape[0];
        int columns = shape[1];
        try (Launch launch = example.launch()) {
          double[] x = launch.in(format, normal(rows * columns)).numbers();
          double[] w = launch.in(format, normal(columns)).numbers();
          Array y = launch.out(format, rows * columns);
          (triton ? launch.number(columns).number(columns).number(1e-6f) : launch.sizes(false, rows, columns))
              .run(programs(triton, rows));
          for (int r = 0; r < rows; r++) {
            double squares = 0;
            for (int c = 0; c < columns; c++) {
              squares += x[r * columns + c] * x[r * columns + c];
            }
            double scale = 1 / Math.sqrt(squares / columns + 1e-6);
            for (int c = 0; c < columns; c++) {
              double wanted = x[r * columns + c] * scale * w[c];
              check(wanted, y.at(r * columns + c), 1e-6 + relative * Math.abs(wanted), "row " + r + ", column " + c);
            }
          }
        }
      }
    }
  }

  private static final String LAYER_NORM =
      "x_ptr:*f32, w_ptr:*f32, b_ptr:*f32, y_ptr:*f32, stride:i32, n_cols:i32, eps:f32";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void layerNorm(boolean triton) {
    try (CpuExample example = example(triton, "layer_norm", LAYER_NORM)) {
      for (int[] shape : SHAPES) {
        // The element that distances are taken to may itself be a few deviations away from the mean.
        layerNorm(example, triton, shape[0], shape[1], normal(shape[0] * shape[1]), 2e-5);
      }
    }
  }

  /// The variance of numbers that are close to each other and far from zero, with an element that is neither.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void layerNormFarFromZero(boolean triton) {
    try (CpuExample example = example(triton, "layer_norm", LAYER_NORM)) {
      // A sum of large numbers is as rough as it is large; distances to a close element are small.
      layerNorm(example, triton, 7, 999, normal(7 * 999, triton ? 100 : 10_000, 1), triton ? 1e-3 : 1e-5);
      for (int place : new int[] {0, 499, 998, random.nextInt(999)}) {
        double[] x = normal(2 * 999);
        x[place] = 20_000;
        x[999 + place] = -3000;
        layerNorm(example, triton, 2, 999, x, 1e-5);
      }
    }
  }

  private void layerNorm(CpuExample example, boolean triton, int rows, int columns, double[] numbers, double tolerance) {
    try (Launch launch = example.launch()) {
      double[] x = launch.in(Format.F32, numbers).numbers();
      double[] w = launch.in(Format.F32, normal(columns)).numbers();
      double[] b = launch.in(Format.F32, normal(columns)).numbers();
      Array y = launch.out(Format.F32, rows * columns);
      (triton ? launch.number(columns).number(columns).number(1e-5f) : launch.sizes(false, rows, columns))
          .run(programs(triton, rows));
      for (int r = 0; r < rows; r++) {
        double mean = 0;
        double variance = 0;
        for (int c = 0; c < columns; c++) {
          mean += x[r * columns + c] / columns;
        }
        for (int c = 0; c < columns; c++) {
          variance += (x[r * columns + c] - mean) * (x[r * columns + c] - mean) / columns;
        }
        for (int c = 0; c < columns; c++) {
          double normalized = (x[r * columns + c] - mean) / Math.sqrt(variance + 1e-5);
          check(normalized * w[c] + b[c], y.at(r * columns + c), tolerance * (1 + Math.abs(normalized * w[c])),
              "row " + r + ", column " + c);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void cumulativeSum(boolean triton) {
    try (CpuExample example = example(triton, "cumsum", "x_ptr:*f32, y_ptr:*f32, n_cols:i32")) {
      for (int[] shape : SHAPES) {
        int rows = shape[0];
        int columns = shape[1];
        try (Launch launch = example.launch()) {
          double[] x = launch.in(Format.F32, normal(rows * columns)).numbers();
          Array y = launch.out(Format.F32, rows * columns);
          (triton ? launch.number(columns) : launch.sizes(false, rows, columns)).run(programs(triton, rows));
          for (int r = 0; r < rows; r++) {
            double sum = 0;
            double magnitude = 0;
            for (int c = 0; c < columns; c++) {
              sum += x[r * columns + c];
              magnitude += Math.abs(x[r * columns + c]);
              check(sum, y.at(r * columns + c), 1e-6 * magnitude, "row " + r + ", column " + c);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crossEntropy(boolean triton) {
    Map<String, String> block = Map.of(triton ? "BLOCK" : "BN", "256");
    try (CpuExample example = triton
        ? new CpuExample("triton/cross_entropy.py", null,
            "logits_ptr:*f32, label_ptr:*i64, loss_ptr:*f32, stride:i32, n_classes:i32", block, failures)
        : new CpuExample("cross_entropy.py", null, null, block, failures)) {
      for (int[] shape : new int[][] {{1, 1}, {3, 255}, {2, 256}, {5, 3001}}) {
        int rows = shape[0];
        int classes = shape[1];
        for (double deviation : new double[] {1, 100}) {
          try (Launch launch = example.launch()) {
            double[] numbers = normal(rows * classes, 0, deviation);
            // Classes that are ruled out.
            for (int i = 1; i < numbers.length; i += 7) {
              numbers[i] = i % classes == 0 ? numbers[i] : Double.NEGATIVE_INFINITY;
            }
            double[] labels = new double[rows];
            for (int r = 0; r < rows; r++) {
              labels[r] = random.nextInt(classes);
              numbers[r * classes + (int) labels[r]] = deviation * random.nextGaussian();
            }
            double[] x = launch.in(Format.F32, numbers).numbers();
            launch.in(Format.I64, labels);
            Array loss = launch.out(Format.F32, rows);
            (triton ? launch.number(classes).number(classes) : launch.sizes(false, rows, classes)).run(rows);
            for (int r = 0; r < rows; r++) {
              double wanted = logSum(x, r * classes, classes) - x[r * classes + (int) labels[r]];
              check(wanted, loss.at(r), 1e-5 * Math.max(1, deviation), "row " + r + " of " + classes + " classes");
              assertTrue(loss.at(r) > -1e-4 * deviation, "a loss is not negative");
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logSoftmax(boolean triton) {
    try (CpuExample example = example(triton, "log_softmax", "x_ptr:*f32, y_ptr:*f32, n_cols:i32")) {
      for (int[] shape : SHAPES) {
        int rows = shape[0];
        int columns = shape[1];
        try (Launch launch = example.launch()) {
          double[] x = launch.in(Format.F32, normal(rows * columns, 50, 20)).numbers();
          Array y = launch.out(Format.F32, rows * columns);
          (triton ? launch.number(columns) : launch.sizes(false, rows, columns)).run(programs(triton, rows));
          for (int r = 0; r < rows; r++) {
            double logSum = logSum(x, r * columns, columns);
            for (int c = 0; c < columns; c++) {
              double wanted = x[r * columns + c] - logSum;
              check(wanted, y.at(r * columns + c), 1e-6 * Math.abs(wanted) + 2e-6, "row " + r + ", column " + c);
            }
          }
        }
      }
    }
  }

  private static double logSum(double[] x, int first, int count) {
    double top = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      top = Math.max(top, x[first + i]);
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.exp(x[first + i] - top);
    }
    return top + Math.log(sum);
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void softmaxBackward(boolean triton, boolean log) {
    String signature = "y_ptr:*f32, dy_ptr:*f32, dx_ptr:*f32, n_cols:i32";
    try (CpuExample example = triton
        ? new CpuExample("triton/softmax_backward.py", null, signature,
            Map.of("BLOCK", "1024", "LOG", log ? "True" : "False"), failures)
        : new CpuExample("softmax_backward.py", log ? "log_softmax_backward" : "softmax_backward", null, NATIVE, failures)) {
      for (int[] shape : SHAPES) {
        int rows = shape[0];
        int columns = shape[1];
        try (Launch launch = example.launch()) {
          // The result of the forward kernel does not have to be one for the formula to be checked.
          double[] y = launch.in(Format.F32, normal(rows * columns, -2, 1)).numbers();
          double[] dy = launch.in(Format.F32, normal(rows * columns)).numbers();
          Array dx = launch.out(Format.F32, rows * columns);
          (triton ? launch.number(columns) : launch.sizes(false, rows, columns)).run(programs(triton, rows));
          for (int r = 0; r < rows; r++) {
            double sum = 0;
            double magnitude = 0;
            for (int i = r * columns; i < (r + 1) * columns; i++) {
              sum += log ? dy[i] : y[i] * dy[i];
              magnitude += log ? Math.abs(dy[i]) : Math.abs(y[i] * dy[i]);
            }
            for (int i = r * columns; i < (r + 1) * columns; i++) {
              double factor = log ? Math.exp(y[i]) : y[i];
              double wanted = log ? dy[i] - factor * sum : factor * (dy[i] - sum);
              check(wanted, dx.at(i), 1e-6 * (1 + Math.abs(factor) * (1 + magnitude)), "row " + r + ", element " + i);
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void crossEntropyWithGradient(boolean triton) {
    Map<String, String> block = Map.of(triton ? "BLOCK" : "BN", "256");
    try (CpuExample example = triton
        ? new CpuExample("triton/cross_entropy_backward.py", null, "logits_ptr:*f32, label_ptr:*i64, loss_ptr:*f32, "
            + "scale:f32, stride:i32, n_classes:i32, ignore_index:i32", block, failures)
        : new CpuExample("cross_entropy_backward.py", null, null, block, failures)) {
      for (int[] shape : new int[][] {{2, 1}, {3, 255}, {2, 256}, {5, 3001}}) {
        int rows = shape[0];
        int classes = shape[1];
        float scale = 0.25f;
        try (Launch launch = example.launch()) {
          double[] numbers = normal(rows * classes, 0, 5);
          double[] labels = new double[rows];
          for (int r = 0; r < rows; r++) {
            labels[r] = r == 1 ? -100 : random.nextInt(classes);
          }
          Array logits = triton ? launch.inOut(Format.F32, numbers) : launch.in(Format.F32, numbers);
          double[] x = logits.numbers();
          launch.in(Format.I64, labels);
          Array loss = launch.out(Format.F32, rows);
          Array dx = triton ? logits : launch.out(Format.F32, rows * classes);
          launch.number(scale);
          (triton ? launch.number(classes).number(classes).number(-100) : launch.sizes(false, rows, classes)).run(rows);
          for (int r = 0; r < rows; r++) {
            double logSum = logSum(x, r * classes, classes);
            boolean counts = labels[r] >= 0;
            check(counts ? logSum - x[r * classes + (int) labels[r]] : 0, loss.at(r), 1e-5, "loss of row " + r);
            for (int c = 0; c < classes; c++) {
              double wanted = counts ? (Math.exp(x[r * classes + c] - logSum) - (c == labels[r] ? 1 : 0)) * scale : 0;
              check(wanted, dx.at(r * classes + c), 1e-6 * scale + 4e-6 * Math.abs(wanted), "row " + r + ", class " + c);
            }
          }
        }
      }
    }
  }
}
