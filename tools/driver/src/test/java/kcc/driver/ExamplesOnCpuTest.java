// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import kcc.targets.cpu.CpuImage;
import kcc.targets.cpu.CpuLibrary;
import kcc.targets.cpu.LaunchGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kernels of `examples`, in both spellings, from source to numbers, against plain Java in `double`. Outputs start
/// as NaN, and zones of NaN around every array must stay as they are.
class ExamplesOnCpuTest {
  private static final Path EXAMPLES = Path.of("../../examples");
  private static final int GUARD = 64;

  @TempDir
  Path failures;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /// A launch in the making: a kernel of one file with its arguments in the order of its machine arguments.
  private final class Launch implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final List<MemorySegment> values = new ArrayList<>();
    private final List<MemorySegment> arrays = new ArrayList<>();
    private final CpuLibrary library;
    private final String kernel;

    Launch(String file, String signature, Map<String, String> defines) {
      CompileRequest request = new CompileRequest(EXAMPLES.resolve(file), List.of(), List.of("cpu"), defines,
          signature, null, Set.of(), null, failures);
      CompiledKernel compiled = new Compiler(1, _ -> { }, _ -> { }).compile(request).kernels().getFirst();
      kernel = compiled.kernel();
      library = CpuLibrary.load(CpuImage.of(compiled.image().content(), List.of(kernel)));
    }

    float[] normal(int count) {
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = (float) random.nextGaussian();
      }
      return numbers;
    }

    MemorySegment array(float... numbers) {
      MemorySegment whole = arena.allocate(4L * (numbers.length + 2 * GUARD), 64);
      whole.fill((byte) 0xFF);
      MemorySegment data = whole.asSlice(4L * GUARD, 4L * numbers.length);
      MemorySegment.copy(numbers, 0, data, ValueLayout.JAVA_FLOAT, 0, numbers.length);
      arrays.add(whole);
      values.add(arena.allocateFrom(ValueLayout.ADDRESS, data));
      return data;
    }

    MemorySegment halves(float... numbers) {
      MemorySegment whole = arena.allocate(2L * (numbers.length + 4 * GUARD), 64);
      whole.fill((byte) 0xFF);
      MemorySegment data = whole.asSlice(4L * GUARD, 2L * numbers.length);
      for (int i = 0; i < numbers.length; i++) {
        data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(numbers[i]));
      }
      arrays.add(whole);
      values.add(arena.allocateFrom(ValueLayout.ADDRESS, data));
      return data;
    }

    float[] unwritten(int count) {
      float[] numbers = new float[count];
      java.util.Arrays.fill(numbers, Float.NaN);
      return numbers;
    }

    Launch pass(long size) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_LONG, size));
      return this;
    }

    Launch pass(int number) {
      values.add(arena.allocateFrom(ValueLayout.JAVA_INT, number));
      return this;
    }

    void run(int x, int y) {
      library.kernel(kernel).run(values, new LaunchGrid(x, y, 1));
      for (MemorySegment whole : arrays) {
        for (long i = 0; i < 4L * GUARD; i++) {
          assertEquals(-1, whole.get(ValueLayout.JAVA_BYTE, i), "byte " + i + " of the zone before an array");
          long behind = whole.byteSize() - 1 - i;
          assertEquals(-1, whole.get(ValueLayout.JAVA_BYTE, behind), "byte " + i + " of the zone behind an array");
        }
      }
    }

    @Override
    public void close() {
      library.close();
      arena.close();
    }
  }

  private void check(double wanted, float got, double relative, String where) {
    assertEquals(wanted, got, relative * Math.abs(wanted) + 1e-7, where + ", seed " + seed);
  }

  private static float at(MemorySegment data, int index) {
    return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  @ParameterizedTest
  @CsvSource({"1", "1024", "3001"})
  void vectorAdd(int n) {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/vector_add.py", "x_ptr:*f32:16, y_ptr:*f32:16, z_ptr:*f32:16, n:i32", Map.of("BLOCK", "1024"))
          : new Launch("vector_add.py", null, Map.of())) {
        float[] x = launch.normal(n);
        float[] y = launch.normal(n);
        launch.array(x);
        launch.array(y);
        MemorySegment z = launch.array(launch.unwritten(n));
        size(launch, triton, n).run((n + 1023) / 1024, 1);
        for (int i = 0; i < n; i++) {
          assertEquals(x[i] + y[i], at(z, i), 0.0f, "element " + i + ", seed " + seed);
        }
      }
    }
  }

  /// Triton's sizes are `i32` here, native ones `i64`.
  private static Launch size(Launch launch, boolean triton, int size) {
    return triton ? launch.pass(size) : launch.pass((long) size);
  }

  @ParameterizedTest
  @CsvSource({"softmax, 7, 781", "softmax, 2, 1", "softmax_online, 5, 5000", "softmax_online, 2, 2048"})
  void softmax(String name, int rows, int columns) {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/" + name + ".py", "x_ptr:*f32, y_ptr:*f32, n_cols:i32", Map.of("BLOCK", "1024"))
          : new Launch(name + ".py", null, Map.of("T", "f32"))) {
        float[] x = launch.normal(rows * columns);
        launch.array(x);
        MemorySegment y = launch.array(launch.unwritten(rows * columns));
        if (!triton) {
          launch.pass((long) rows);
        }
        size(launch, triton, columns).run(rows, 1);
        for (int r = 0; r < rows; r++) {
          double sum = 0;
          for (int c = 0; c < columns; c++) {
            sum += Math.exp(x[r * columns + c]);
          }
          for (int c = 0; c < columns; c++) {
            check(Math.exp(x[r * columns + c]) / sum, at(y, r * columns + c), 1e-5, "row " + r + ", column " + c);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"5, 300", "3, 5000"})
  void rowSum(int rows, int columns) {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/row_sum.py", "x_ptr:*f32, y_ptr:*f32, n_cols:i32", Map.of("BLOCK", "1024"))
          : new Launch("row_sum.py", null, Map.of("T", "f32"))) {
        float[] x = launch.normal(rows * columns);
        launch.array(x);
        MemorySegment y = launch.array(launch.unwritten(rows));
        if (!triton) {
          launch.pass((long) rows);
        }
        size(launch, triton, columns).run(rows, 1);
        for (int r = 0; r < rows; r++) {
          double sum = 0;
          for (int c = 0; c < columns; c++) {
            sum += x[r * columns + c];
          }
          assertEquals(sum, at(y, r), 2e-3, "row " + r + ", seed " + seed);
        }
      }
    }
  }

  @Test
  void globalSum() {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/global_sum.py", "x_ptr:*f32, y_ptr:*f32, n:i32", Map.of("BLOCK", "4096"))
          : new Launch("global_sum.py", null, Map.of("T", "f32"))) {
        int n = 100_001;
        float[] x = launch.normal(n);
        launch.array(x);
        MemorySegment y = launch.array(0);
        size(launch, triton, n).run((n + 4095) / 4096, 1);
        double sum = 0;
        for (float number : x) {
          sum += number;
        }
        assertEquals(sum, at(y, 0), 2e-2, "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"70, 130", "64, 64", "1, 3"})
  void transpose(int m, int n) {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/transpose.py", "x_ptr:*f32, y_ptr:*f32, m:i32, n:i32", Map.of("BM", "64", "BN", "64"))
          : new Launch("transpose.py", null, Map.of("T", "f32"))) {
        float[] x = launch.normal(m * n);
        launch.array(x);
        MemorySegment y = launch.array(launch.unwritten(m * n));
        size(launch, triton, m);
        size(launch, triton, n).run((m + 63) / 64, (n + 63) / 64);
        for (int i = 0; i < m * n; i++) {
          assertEquals(x[i], at(y, i % n * m + i / n), 0.0f, "element " + i + ", seed " + seed);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"33, 300", "4, 256"})
  void fusedGelu(int m, int n) {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/fused_gelu.py",
              "x_ptr:*f32, bias_ptr:*f32, r_ptr:*f32, y_ptr:*f32, n_rows:i32, n_cols:i32", Map.of("BM", "4", "BN", "256"))
          : new Launch("fused_gelu.py", null, Map.of("T", "f32"))) {
        float[] x = launch.normal(m * n);
        float[] bias = launch.normal(n);
        float[] residual = launch.normal(m * n);
        launch.array(x);
        launch.array(bias);
        launch.array(residual);
        MemorySegment y = launch.array(launch.unwritten(m * n));
        size(launch, triton, m);
        size(launch, triton, n).run((m + 3) / 4, (n + 255) / 256);
        for (int i = 0; i < m * n; i++) {
          double s = (double) x[i] + bias[i % n];
          double wanted = s * Reference.normalDistribution(s) + residual[i];
          assertEquals(wanted, at(y, i), 2e-6 * (1 + Math.abs(s)), "element " + i + ", seed " + seed);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"100, 70, 50", "64, 64, 64", "1, 1, 1"})
  void matmul(int m, int n, int k) {
    for (boolean triton : new boolean[] {false, true}) {
      try (Launch launch = triton
          ? new Launch("triton/matmul.py", "a_ptr:*f16, b_ptr:*f16, c_ptr:*f16, m:i32, n:i32, k:i32, stride_am:i32, "
              + "stride_ak:i32, stride_bk:i32, stride_bn:i32, stride_cm:i32, stride_cn:i32",
              Map.of("BM", "32", "BN", "32", "BK", "32"))
          : new Launch("matmul.py", null, Map.of("BM", "32", "BN", "32", "BK", "32"))) {
        float[] a = launch.normal(m * k);
        float[] b = launch.normal(k * n);
        MemorySegment storedA = launch.halves(a);
        MemorySegment storedB = launch.halves(b);
        MemorySegment c = launch.halves(launch.unwritten(m * n));
        if (triton) {
          launch.pass(m).pass(n).pass(k).pass(k).pass(1).pass(n).pass(1).pass(n).pass(1);
        } else {
          // Sizes come in the order in which the parameters' types name them.
          launch.pass((long) m).pass((long) k).pass((long) n);
        }
        launch.run((m + 31) / 32, (n + 31) / 32);
        for (int i = 0; i < m * n; i++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            sum += half(storedA, i / n * k + l) * half(storedB, l * n + i % n);
          }
          assertEquals(sum, half(c, i), 6e-4 * Math.abs(sum) + 1e-5, (triton ? "Triton" : "native") + ", element " + i + ", seed " + seed);
        }
      }
    }
  }

  private static double half(MemorySegment data, int index) {
    return Float.float16ToFloat(data.getAtIndex(ValueLayout.JAVA_SHORT, index));
  }
}
