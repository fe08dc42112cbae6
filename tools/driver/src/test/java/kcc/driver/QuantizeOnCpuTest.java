// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import kcc.driver.CpuExample.Array;
import kcc.driver.CpuExample.Launch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Numbers of 8 bits and scales, in both spellings: the scale, that no other number of the type would have been nearer,
/// and the way back.
class QuantizeOnCpuTest {
  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  private static double largest(Format format) {
    return switch (format) {
      case I8 -> 127;
      case F8E4M3 -> 448;
      case F8E5M2 -> 57344;
      case F32, F16, BF16, I32, I64 -> throw new IllegalArgumentException();
    };
  }

  private static String name(Format format) {
    return format.name().toLowerCase(java.util.Locale.ROOT);
  }

  private double[] rowsOfManySizes(int rows, int columns) {
    double[] numbers = new double[rows * columns];
    for (int i = 0; i < numbers.length; i++) {
      // A row of zeros, and one whose largest number meets the largest of the type.
      numbers[i] = i / columns == 1 ? 0 : random.nextGaussian() * Math.pow(10, i / columns % 7 - 3);
    }
    return numbers;
  }

  @ParameterizedTest
  @CsvSource({"I8, false", "I8, true", "F8E4M3, false", "F8E4M3, true", "F8E5M2, false", "F8E5M2, true"})
  void nativeSpelling(Format format, boolean inBlocks) {
    String suffix = inBlocks ? "_blocks" : "_rows";
    Map<String, String> there = inBlocks ? Map.of("Q", name(format)) : Map.of("Q", name(format), "BM", "4", "BN", "1024");
    try (CpuExample quantize = new CpuExample("quantize.py", "quantize" + suffix, null, there, failures);
        CpuExample back = new CpuExample("quantize.py", "dequantize" + suffix, null, Map.of("Q", name(format)), failures)) {
      for (int[] shape : new int[][] {{1, 1}, {9, 300}, {7, 1000}}) {
        int rows = shape[0];
        int columns = shape[1];
        int width = inBlocks ? 128 : columns;
        int blocks = (columns + width - 1) / width;
        try (Launch launch = quantize.launch(); Launch returning = back.launch()) {
          double[] x = launch.in(Format.F32, rowsOfManySizes(rows, columns)).numbers();
          Array q = launch.out(format, rows * columns);
          Array scale = launch.out(Format.F32, rows * blocks);
          launch.sizes(false, rows, columns);
          returning.add(q);
          returning.add(scale);
          Array y = returning.out(Format.F32, rows * columns);
          returning.sizes(false, rows, columns);
          if (inBlocks) {
            launch.sizes(false, blocks).run(rows, (blocks + 31) / 32, 1);
            returning.sizes(false, blocks).run(rows, (blocks + 31) / 32, 1);
          } else {
            launch.run((rows + 3) / 4);
            returning.run((rows + 3) / 4, (columns + 1023) / 1024, 1);
          }
          check(format, x, q, scale, y, rows, columns, width);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"F8E4M3", "F8E5M2"})
  void tritonSpelling(Format format) {
    String signature = "x_ptr:*f32, q_ptr:*%s, scale_ptr:*f32, n_cols:i32, n_blocks:i32".formatted(name(format));
    Map<String, String> constants = Map.of("BLOCK", "128", "LARGEST", largest(format) + "");
    try (CpuExample quantize = new CpuExample("triton/quantize.py", "quantize_blocks", signature, constants, failures);
        CpuExample back = new CpuExample("triton/quantize.py", "dequantize_blocks", signature, constants, failures)) {
      int rows = 9;
      int columns = 300;
      try (Launch launch = quantize.launch(); Launch returning = back.launch()) {
        double[] x = launch.in(Format.F32, rowsOfManySizes(rows, columns)).numbers();
        Array q = launch.out(format, rows * columns);
        Array scale = launch.out(Format.F32, rows * 3);
        launch.number(columns).number(3).run(rows, 3, 1);
        returning.add(q);
        returning.add(scale);
        Array y = returning.out(Format.F32, rows * columns);
        returning.number(columns).number(3).run(rows, 3, 1);
        check(format, x, q, scale, y, rows, columns, 128);
      }
    }
  }

  private void check(Format format, double[] x, Array q, Array scale, Array y, int rows, int columns, int width) {
    double[] grid = new double[256];
    for (int i = 0; i < 256; i++) {
      grid[i] = format == Format.I8 ? i - 128 : format.decode((byte) i);
    }
    int blocks = (columns + width - 1) / width;
    for (int r = 0; r < rows; r++) {
      for (int b = 0; b < blocks; b++) {
        double top = 0;
        for (int c = b * width; c < Math.min(columns, (b + 1) * width); c++) {
          top = Math.max(top, Math.abs(x[r * columns + c]));
        }
        double s = scale.at(r * blocks + b);
        if (top > 0) {
          assertEquals(top / largest(format), s, s * 1e-6, "scale of row " + r + ", block " + b + ", seed " + seed);
        }
        for (int c = b * width; c < Math.min(columns, (b + 1) * width); c++) {
          int i = r * columns + c;
          String where = "row " + r + ", column " + c + " of " + x[i] + ", seed " + seed;
          double exact = x[i] / s;
          double best = Double.POSITIVE_INFINITY;
          for (double candidate : grid) {
            best = Math.min(best, Double.isNaN(candidate) ? best : Math.abs(candidate - exact));
          }
          assertTrue(Math.abs(q.at(i)) <= largest(format), where);
          // The quotient is rounded to f32 before it is rounded to 8 bits.
          assertEquals(0, Math.abs(q.at(i) - exact) - best, 1e-6 * Math.abs(exact), where);
          assertEquals(q.at(i) * s, y.at(i), 1e-6 * Math.abs(y.at(i)), where);
        }
      }
    }
  }
}
