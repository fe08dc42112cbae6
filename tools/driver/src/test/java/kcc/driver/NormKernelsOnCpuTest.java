// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kcc.driver.CpuExample.Array;
import kcc.driver.CpuExample.Launch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients of the norms and the norm of groups, in both spellings, against plain Java in `double`.
class NormKernelsOnCpuTest {
  private static final int[][] SHAPES = {{1, 1}, {3, 17}, {37, 256}, {9, 1000}};
  private static final int PARTS = 7;

  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private double[] normal(int count, double mean) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = mean + random.nextGaussian();
    }
    return numbers;
  }

  private void check(double wanted, double got, double tolerance, String where) {
    assertEquals(wanted, got, tolerance, where + ", seed " + seed);
  }

  /// One row of the reference: its normalized numbers and 1 over its deviation from `mean`.
  private record Row(double[] normalized, double mean, double scale) {
    static Row of(double[] x, int first, int count, boolean centred, double epsilon) {
      double mean = 0;
      for (int i = 0; centred && i < count; i++) {
        mean += x[first + i] / count;
      }
      double squares = 0;
      for (int i = 0; i < count; i++) {
        squares += (x[first + i] - mean) * (x[first + i] - mean);
      }
      double scale = 1 / Math.sqrt(squares / count + epsilon);
      double[] normalized = new double[count];
      for (int i = 0; i < count; i++) {
        normalized[i] = (x[first + i] - mean) * scale;
      }
      return new Row(normalized, mean, scale);
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false, 1", "false, false, 4", "false, true, 0", "true, false, 1", "true, false, 4", "true, true, 0"})
  void normBackward(boolean centred, boolean triton, int rowsPerProgram) {
    String file = (triton ? "triton/" : "") + (centred ? "layer_norm_backward.py" : "rms_norm_backward.py");
    String signature = !triton ? null : centred
        ? "x_ptr:*f32, w_ptr:*f32, dy_ptr:*f32, dx_ptr:*f32, mean_ptr:*f32, rstd_ptr:*f32, part_w_ptr:*f32, part_b_ptr:*f32, "
            + "dw_ptr:*f32, db_ptr:*f32, n_rows:i32, n_cols:i32, n_parts:i32"
        : "x_ptr:*f32, w_ptr:*f32, dy_ptr:*f32, dx_ptr:*f32, rstd_ptr:*f32, part_ptr:*f32, dw_ptr:*f32, n_rows:i32, "
            + "n_cols:i32, n_parts:i32";
    Map<String, String> rows = triton ? Map.of("BLOCK", "1024") : Map.of("BM", "" + rowsPerProgram, "BN", "1024");
    Map<String, String> parts = triton ? Map.of("BLOCK_P", "4", "BLOCK_N", "64") : Map.of("BP", "4", "BC", "64");
    String name = centred ? "layer_norm_backward" : "rms_norm_backward";
    try (CpuExample gradients = new CpuExample(file, name, signature, rows, failures);
        CpuExample sums = new CpuExample(file, centred ? "sum_part_pairs" : "sum_parts", signature, parts, failures)) {
      for (int[] shape : SHAPES) {
        normBackward(gradients, sums, centred, triton, shape[0], shape[1]);
      }
    }
  }

  private void normBackward(CpuExample gradients, CpuExample sums, boolean centred, boolean triton, int rows, int columns) {
    try (Launch launch = gradients.launch(); Launch second = sums.launch()) {
      double[] x = launch.in(Format.F32, normal(rows * columns, centred ? 100 : 0)).numbers();
      double[] w = launch.in(Format.F32, normal(columns, 0)).numbers();
      double[] dy = launch.in(Format.F32, normal(rows * columns, 0)).numbers();
      Array dx = launch.out(Format.F32, rows * columns);
      Row[] reference = new Row[rows];
      double[] means = new double[rows];
      double[] scales = new double[rows];
      for (int r = 0; r < rows; r++) {
        reference[r] = Row.of(x, r * columns, columns, centred, centred ? 1e-5 : 1e-6);
        means[r] = reference[r].mean;
        scales[r] = reference[r].scale;
      }
      if (triton && centred) {
        launch.in(Format.F32, means);
      }
      if (triton) {
        launch.in(Format.F32, scales);
      }
      List<Array> parts = new ArrayList<>();
      for (int i = 0; i < (centred ? 2 : 1); i++) {
        parts.add(launch.out(Format.F32, PARTS * columns));
      }
      (triton ? launch.number(rows).number(columns) : launch.sizes(false, rows, columns, PARTS)).run(PARTS);
      for (Array part : parts) {
        second.add(part);
      }
      Array dw = second.out(Format.F32, columns);
      Array db = centred ? second.out(Format.F32, columns) : null;
      second.sizes(triton, PARTS, columns).run((columns + 63) / 64);

      double[] wantedW = new double[columns];
      double[] wantedB = new double[columns];
      for (int r = 0; r < rows; r++) {
        double along = 0;
        double slope = 0;
        for (int c = 0; c < columns; c++) {
          double d = dy[r * columns + c];
          along += d * w[c] * reference[r].normalized[c] / columns;
          slope += centred ? d * w[c] / columns : 0;
          wantedW[c] += d * reference[r].normalized[c];
          wantedB[c] += d;
        }
        for (int c = 0; c < columns; c++) {
          double wanted = (dy[r * columns + c] * w[c] - slope - reference[r].normalized[c] * along) * reference[r].scale;
          // Differences to the mean are as rough as the mean, and a row of one element has no deviation.
          double tolerance = 2e-5 * (1 + Math.abs(reference[r].scale));
          check(wanted, dx.at(r * columns + c), tolerance * (1 + Math.abs(wanted)), "row " + r + ", column " + c);
        }
      }
      for (int c = 0; c < columns; c++) {
        double tolerance = 2e-4 * Math.sqrt(rows);
        check(wantedW[c], dw.at(c), tolerance, "weight " + c + " of " + rows + " rows");
        if (centred) {
          check(wantedB[c], db.at(c), tolerance, "bias " + c + " of " + rows + " rows");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void groupNorm(boolean triton) {
    try (CpuExample example = triton
        ? new CpuExample("triton/group_norm.py", null, "x_ptr:*f32, w_ptr:*f32, b_ptr:*f32, y_ptr:*f32, group_channels:i32, "
            + "n_positions:i32, n_groups:i32, eps:f32", Map.of("BLOCK", "256"), failures)
        : new CpuExample("group_norm.py", null, null, Map.of("G", "4", "BS", "256"), failures)) {
      for (int[] shape : new int[][] {{1, 4, 1}, {2, 4, 300}, {3, 20, 49}, {2, 8, 1024}}) {
        int batches = shape[0];
        int channels = shape[1];
        int positions = shape[2];
        int size = channels / 4 * positions;
        try (Launch launch = example.launch()) {
          double[] x = launch.in(Format.F32, normal(batches * channels * positions, triton ? 0 : 1000)).numbers();
          double[] w = launch.in(Format.F32, normal(channels, 0)).numbers();
          double[] b = launch.in(Format.F32, normal(channels, 0)).numbers();
          Array y = launch.out(Format.F32, x.length);
          if (triton) {
            launch.number(channels / 4).number(positions).number(4).number(1e-5f).run(batches * 4);
          } else {
            launch.sizes(false, batches, channels, positions).run(batches, 4, 1);
          }
          for (int group = 0; group < batches * 4; group++) {
            Row row = Row.of(x, group * size, size, true, 1e-5);
            for (int i = 0; i < size; i++) {
              int channel = (group * size + i) / positions % channels;
              double wanted = row.normalized[i] * w[channel] + b[channel];
              check(wanted, y.at(group * size + i), 1e-5 * (1 + Math.abs(wanted)), "group " + group + ", element " + i);
            }
          }
        }
      }
    }
  }
}
