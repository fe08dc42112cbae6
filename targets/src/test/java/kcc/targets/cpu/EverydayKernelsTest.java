// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole kernels at the tile level against plain Java in `double`.
class EverydayKernelsTest {
  private static final String ADD = """
      gpu.module @m {
        gpu.func @add(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %z: !kcc.ptr<f32>, %n: i64) kernel {
          %one = arith.constant 1 : i64
          %bn = arith.constant 256 : i64
          %xv = kcc.view %x, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
          %yv = kcc.view %y, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
          %zv = kcc.view %z, sizes [%n], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
          %pid = kcc.program_id 0
          %p = arith.extsi %pid : i32 to i64
          %o = arith.muli %p, %bn : i64
          %a = kcc.load_tile %xv[%o] dims [0] : !kcc.view<?xf32> -> tensor<256xf32>
          %b = kcc.load_tile %yv[%o] dims [0] : !kcc.view<?xf32> -> tensor<256xf32>
          %c = arith.addf %a, %b : tensor<256xf32>
          kcc.store_tile %c, %zv[%o] dims [0] : tensor<256xf32>, !kcc.view<?xf32>
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 1000, 4096})
  void vectorAdd(int n) {
    try (KernelTest test = new KernelTest(ADD)) {
      float[] x = test.normal(n);
      float[] y = test.normal(n);
      MemorySegment z = test.poisoned(4L * n);
      test.pass(test.array(x)).pass(test.array(y)).pass(z).pass((long) n).run((n + 255) / 256);
      for (int i = 0; i < n; i++) {
        assertEquals(x[i] + y[i], z.getAtIndex(ValueLayout.JAVA_FLOAT, i), 0.0f, "element " + i);
      }
    }
  }

  /// The same in Triton's way: a pointer, offsets and a mask.
  private static final String ADD_BY_POINTERS = """
      gpu.module @m {
        gpu.func @add(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %z: !kcc.ptr<f32>, %n: i32) kernel {
          %bn = arith.constant 256 : i32
          %pid = kcc.program_id 0
          %o = arith.muli %pid, %bn : i32
          %i = kcc.arange : tensor<256xi32>
          %os = tensor.splat %o : tensor<256xi32>
          %offsets = arith.addi %os, %i : tensor<256xi32>
          %ns = tensor.splat %n : tensor<256xi32>
          %mask = arith.cmpi slt, %offsets, %ns : tensor<256xi32>
          %other = arith.constant dense<3.0> : tensor<256xf32>
          %a = kcc.load %x[%offsets] mask %mask : !kcc.ptr<f32>, tensor<256xi32> -> tensor<256xf32>
          %b = kcc.load %y[%offsets] mask %mask other %other : !kcc.ptr<f32>, tensor<256xi32> -> tensor<256xf32>
          %c = arith.addf %a, %b : tensor<256xf32>
          kcc.store %c, %z[%offsets] mask %mask : tensor<256xf32>, !kcc.ptr<f32>, tensor<256xi32>
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, 256, 999})
  void vectorAddByPointers(int n) {
    try (KernelTest test = new KernelTest(ADD_BY_POINTERS)) {
      float[] x = test.normal(n);
      float[] y = test.normal(n);
      MemorySegment z = test.poisoned(4L * n);
      test.pass(test.array(x)).pass(test.array(y)).pass(z).pass(n).run((n + 255) / 256);
      for (int i = 0; i < n; i++) {
        assertEquals(x[i] + y[i], z.getAtIndex(ValueLayout.JAVA_FLOAT, i), 0.0f, "element " + i);
      }
    }
  }

  private static final String SOFTMAX = """
      gpu.module @m {
        gpu.func @softmax(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %m: i64, %n: i64) kernel {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          %xv = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %yv = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %pid = kcc.program_id 0
          %row = arith.extsi %pid : i32 to i64
          %t = kcc.load_tile %xv[%row, %zero] dims [1] : !kcc.view<?x?xf32> -> tensor<1024xf32>
          %i = kcc.arange : tensor<1024xi32>
          %n32 = arith.trunci %n : i64 to i32
          %ns = tensor.splat %n32 : tensor<1024xi32>
          %in = arith.cmpi slt, %i, %ns : tensor<1024xi32>
          %ninf = arith.constant dense<0xFF800000> : tensor<1024xf32>
          %u = arith.select %in, %t, %ninf : tensor<1024xi1>, tensor<1024xf32>
          %id = arith.constant dense<0xFF800000> : tensor<f32>
          %max = linalg.reduce ins(%u : tensor<1024xf32>) outs(%id : tensor<f32>) dimensions = [0]
            (%a: f32, %acc: f32) { %r = arith.maximumf %a, %acc : f32  linalg.yield %r : f32 }
          %s = tensor.extract %max[] : tensor<f32>
          %b = tensor.splat %s : tensor<1024xf32>
          %d = arith.subf %u, %b : tensor<1024xf32>
          %e = math.exp %d : tensor<1024xf32>
          %z = arith.constant dense<0.0> : tensor<f32>
          %sum = linalg.reduce ins(%e : tensor<1024xf32>) outs(%z : tensor<f32>) dimensions = [0]
            (%a: f32, %acc: f32) { %r = arith.addf %a, %acc : f32  linalg.yield %r : f32 }
          %ss = tensor.extract %sum[] : tensor<f32>
          %sb = tensor.splat %ss : tensor<1024xf32>
          %p = arith.divf %e, %sb : tensor<1024xf32>
          kcc.store_tile %p, %yv[%row, %zero] dims [1] : tensor<1024xf32>, !kcc.view<?x?xf32>
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @CsvSource({"1823, 781", "3, 1024", "5, 1"})
  void softmaxOfRowsInOneTile(int rows, int columns) {
    try (KernelTest test = new KernelTest(SOFTMAX)) {
      softmax(test, rows, columns);
    }
  }

  /// Rows longer than a tile: the tiles of a row are met one after the other, with a maximum and a sum for each place.
  private static final String ONLINE_SOFTMAX = """
      gpu.module @m {
        gpu.func @softmax(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %m: i64, %n: i64) kernel {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          %bn = arith.constant 256 : i64
          %xv = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %yv = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %pid = kcc.program_id 0
          %row = arith.extsi %pid : i32 to i64
          %ninf = arith.constant dense<0xFF800000> : tensor<256xf32>
          %lowest = arith.constant dense<-1.0e+30> : tensor<256xf32>
          %zeros = arith.constant dense<0.0> : tensor<256xf32>
          %r:2 = scf.for %k = %zero to %n step %bn iter_args(%top = %lowest, %sum = %zeros)
              -> (tensor<256xf32>, tensor<256xf32>) : i64 {
            %t = kcc.load_tile %xv[%row, %k] dims [1] : !kcc.view<?x?xf32> -> tensor<256xf32>
            %i = kcc.arange : tensor<256xi64>
            %ks = tensor.splat %k : tensor<256xi64>
            %place = arith.addi %i, %ks : tensor<256xi64>
            %ns = tensor.splat %n : tensor<256xi64>
            %in = arith.cmpi slt, %place, %ns : tensor<256xi64>
            %u = arith.select %in, %t, %ninf : tensor<256xi1>, tensor<256xf32>
            %new = arith.maximumf %top, %u : tensor<256xf32>
            %d1 = arith.subf %top, %new : tensor<256xf32>
            %keep = math.exp %d1 : tensor<256xf32>
            %d2 = arith.subf %u, %new : tensor<256xf32>
            %e = math.exp %d2 : tensor<256xf32>
            %s1 = arith.mulf %sum, %keep : tensor<256xf32>
            %s2 = arith.addf %s1, %e : tensor<256xf32>
            scf.yield %new, %s2 : tensor<256xf32>, tensor<256xf32>
          }
          %id = arith.constant dense<0xFF800000> : tensor<f32>
          %max = linalg.reduce ins(%r#0 : tensor<256xf32>) outs(%id : tensor<f32>) dimensions = [0]
            (%a: f32, %acc: f32) { %v = arith.maximumf %a, %acc : f32  linalg.yield %v : f32 }
          %ms = tensor.extract %max[] : tensor<f32>
          %mt = tensor.splat %ms : tensor<256xf32>
          %d3 = arith.subf %r#0, %mt : tensor<256xf32>
          %e3 = math.exp %d3 : tensor<256xf32>
          %part = arith.mulf %e3, %r#1 : tensor<256xf32>
          %z = arith.constant dense<0.0> : tensor<f32>
          %total = linalg.reduce ins(%part : tensor<256xf32>) outs(%z : tensor<f32>) dimensions = [0]
            (%a: f32, %acc: f32) { %v = arith.addf %a, %acc : f32  linalg.yield %v : f32 }
          %ts = tensor.extract %total[] : tensor<f32>
          %tt = tensor.splat %ts : tensor<256xf32>
          scf.for %k = %zero to %n step %bn : i64 {
            %t = kcc.load_tile %xv[%row, %k] dims [1] : !kcc.view<?x?xf32> -> tensor<256xf32>
            %d = arith.subf %t, %mt : tensor<256xf32>
            %e = math.exp %d : tensor<256xf32>
            %p = arith.divf %e, %tt : tensor<256xf32>
            kcc.store_tile %p, %yv[%row, %k] dims [1] : tensor<256xf32>, !kcc.view<?x?xf32>
          }
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @CsvSource({"17, 5000", "4, 256", "3, 1"})
  void softmaxOfLongRows(int rows, int columns) {
    try (KernelTest test = new KernelTest(ONLINE_SOFTMAX)) {
      softmax(test, rows, columns);
    }
  }

  private static void softmax(KernelTest test, int rows, int columns) {
    float[] x = test.normal(rows * columns);
    MemorySegment y = test.poisoned(4L * rows * columns);
    long start = System.nanoTime();
    test.pass(test.array(x)).pass(y).pass((long) rows).pass((long) columns).run(rows);
    double seconds = (System.nanoTime() - start) * 1e-9;
    assertTrue(seconds < 2, rows + " rows took " + seconds + " s");
    float[] got = KernelTest.floats(y);
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += Math.exp(x[r * columns + c]);
      }
      for (int c = 0; c < columns; c++) {
        double wanted = Math.exp(x[r * columns + c]) / sum;
        assertEquals(wanted, got[r * columns + c], 4e-6 * wanted, "row " + r + ", column " + c + ", seed " + test.seed());
      }
    }
  }

  /// gelu(x + bias) + residual, with the bias along rows.
  private static final String CHAIN = """
      gpu.module @m {
        gpu.func @chain(%x: !kcc.ptr<f16>, %bias: !kcc.ptr<f16>, %res: !kcc.ptr<f16>, %y: !kcc.ptr<f16>,
            %m: i64, %n: i64) kernel {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          %b16 = arith.constant 16 : i64
          %b64 = arith.constant 64 : i64
          %xv = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
          %bv = kcc.view %bias, sizes [%n], strides [%one] : !kcc.ptr<f16> -> !kcc.view<?xf16>
          %rv = kcc.view %res, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
          %yv = kcc.view %y, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f16> -> !kcc.view<?x?xf16>
          %p0 = kcc.program_id 0
          %p1 = kcc.program_id 1
          %q0 = arith.extsi %p0 : i32 to i64
          %q1 = arith.extsi %p1 : i32 to i64
          %r = arith.muli %q0, %b16 : i64
          %c = arith.muli %q1, %b64 : i64
          %t = kcc.load_tile %xv[%r, %c] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<16x64xf16>
          %tf = arith.extf %t : tensor<16x64xf16> to tensor<16x64xf32>
          %b = kcc.load_tile %bv[%c] dims [0] : !kcc.view<?xf16> -> tensor<64xf16>
          %bf = arith.extf %b : tensor<64xf16> to tensor<64xf32>
          %br = kcc.reshape %bf : tensor<64xf32> -> tensor<1x64xf32>
          %bb = kcc.broadcast %br : tensor<1x64xf32> -> tensor<16x64xf32>
          %s = arith.addf %tf, %bb : tensor<16x64xf32>
          %root = arith.constant dense<0.707106769> : tensor<16x64xf32>
          %sr = arith.mulf %s, %root : tensor<16x64xf32>
          %erf = math.erf %sr : tensor<16x64xf32>
          %ones = arith.constant dense<1.0> : tensor<16x64xf32>
          %e1 = arith.addf %erf, %ones : tensor<16x64xf32>
          %half = arith.constant dense<0.5> : tensor<16x64xf32>
          %h = arith.mulf %s, %half : tensor<16x64xf32>
          %g = arith.mulf %h, %e1 : tensor<16x64xf32>
          %re = kcc.load_tile %rv[%r, %c] dims [0, 1] : !kcc.view<?x?xf16> -> tensor<16x64xf16>
          %rf = arith.extf %re : tensor<16x64xf16> to tensor<16x64xf32>
          %o = arith.addf %g, %rf : tensor<16x64xf32>
          %of = arith.truncf %o : tensor<16x64xf32> to tensor<16x64xf16>
          kcc.store_tile %of, %yv[%r, %c] dims [0, 1] : tensor<16x64xf16>, !kcc.view<?x?xf16>
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @CsvSource({"33, 130", "16, 64", "1, 1"})
  void biasGeluResidual(int m, int n) {
    try (KernelTest test = new KernelTest(CHAIN)) {
      short[] x = halves(test.normal(m * n));
      short[] bias = halves(test.normal(n));
      short[] residual = halves(test.normal(m * n));
      MemorySegment y = test.poisoned(2L * m * n);
      test.pass(test.array(x)).pass(test.array(bias)).pass(test.array(residual)).pass(y)
          .pass((long) m).pass((long) n).run(new LaunchGrid((m + 15) / 16, (n + 63) / 64, 1), 2);
      for (int i = 0; i < m * n; i++) {
        double s = Float.float16ToFloat(x[i]) + (double) Float.float16ToFloat(bias[i % n]);
        double wanted = 0.5 * s * (1 + Erf.of(s / Math.sqrt(2))) + Float.float16ToFloat(residual[i]);
        float got = Float.float16ToFloat(y.getAtIndex(ValueLayout.JAVA_SHORT, i));
        assertEquals(wanted, got, 1e-3 * Math.abs(wanted) + 1e-5, "element " + i + ", seed " + test.seed());
      }
    }
  }

  private static short[] halves(float[] numbers) {
    short[] bits = new short[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bits[i] = Float.floatToFloat16(numbers[i]);
    }
    return bits;
  }

  private static final String ROW_SUM = """
      gpu.module @m {
        gpu.func @rowsum(%x: !kcc.ptr<f32>, %y: !kcc.ptr<f32>, %all: !kcc.ptr<f32>, %m: i64, %n: i64) kernel {
          %zero = arith.constant 0 : i64
          %one = arith.constant 1 : i64
          %b8 = arith.constant 8 : i64
          %b64 = arith.constant 64 : i64
          %xv = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
          %yv = kcc.view %y, sizes [%m], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
          %av = kcc.view %all, sizes [%one], strides [%one] : !kcc.ptr<f32> -> !kcc.view<?xf32>
          %pid = kcc.program_id 0
          %p = arith.extsi %pid : i32 to i64
          %r = arith.muli %p, %b8 : i64
          %zeros = arith.constant dense<0.0> : tensor<8xf32>
          %sum = scf.for %k = %zero to %n step %b64 iter_args(%s = %zeros) -> (tensor<8xf32>) : i64 {
            %t = kcc.load_tile %xv[%r, %k] dims [0, 1] : !kcc.view<?x?xf32> -> tensor<8x64xf32>
            %part = linalg.reduce ins(%t : tensor<8x64xf32>) outs(%zeros : tensor<8xf32>) dimensions = [1]
              (%a: f32, %acc: f32) { %v = arith.addf %a, %acc : f32  linalg.yield %v : f32 }
            %next = arith.addf %s, %part : tensor<8xf32>
            scf.yield %next : tensor<8xf32>
          }
          kcc.store_tile %sum, %yv[%r] dims [0] : tensor<8xf32>, !kcc.view<?xf32>
          %z = arith.constant dense<0.0> : tensor<f32>
          %total = linalg.reduce ins(%sum : tensor<8xf32>) outs(%z : tensor<f32>) dimensions = [0]
            (%a: f32, %acc: f32) { %v = arith.addf %a, %acc : f32  linalg.yield %v : f32 }
          %ts = tensor.extract %total[] : tensor<f32>
          kcc.atomic_tile fadd %ts, %av[%zero] dims [] : f32, !kcc.view<?xf32>
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @CsvSource({"100, 777, 1", "100, 777, 3", "1, 64, 1"})
  void rowSumsAndTheirSumByAtomics(int m, int n, int threads) {
    try (KernelTest test = new KernelTest(ROW_SUM)) {
      float[] x = test.normal(m * n);
      MemorySegment y = test.poisoned(4L * m);
      MemorySegment all = test.array(0.0f);
      test.pass(test.array(x)).pass(y).pass(all).pass((long) m).pass((long) n)
          .run(new LaunchGrid((m + 7) / 8, 1, 1), threads);
      double total = 0;
      for (int r = 0; r < m; r++) {
        double sum = 0;
        for (int c = 0; c < n; c++) {
          sum += x[r * n + c];
        }
        total += sum;
        assertEquals(sum, y.getAtIndex(ValueLayout.JAVA_FLOAT, r), 1e-3, "row " + r + ", seed " + test.seed());
      }
      assertEquals(total, all.getAtIndex(ValueLayout.JAVA_FLOAT, 0), 2e-2, "seed " + test.seed());
    }
  }

  private static final String TRANSPOSE = """
      gpu.module @m {
        gpu.func @transpose(%x: !kcc.ptr<i16>, %y: !kcc.ptr<i16>, %m: i64, %n: i64) kernel {
          %one = arith.constant 1 : i64
          %b = arith.constant 32 : i64
          %xv = kcc.view %x, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<i16> -> !kcc.view<?x?xi16>
          %yv = kcc.view %y, sizes [%n, %m], strides [%m, %one] : !kcc.ptr<i16> -> !kcc.view<?x?xi16>
          %p0 = kcc.program_id 0
          %p1 = kcc.program_id 1
          %q0 = arith.extsi %p0 : i32 to i64
          %q1 = arith.extsi %p1 : i32 to i64
          %r = arith.muli %q0, %b : i64
          %c = arith.muli %q1, %b : i64
          %t = kcc.load_tile %xv[%r, %c] dims [0, 1] : !kcc.view<?x?xi16> -> tensor<32x32xi16>
          %e = tensor.empty() : tensor<32x32xi16>
          %u = linalg.transpose ins(%t : tensor<32x32xi16>) outs(%e : tensor<32x32xi16>) permutation = [1, 0]
          kcc.store_tile %u, %yv[%c, %r] dims [0, 1] : tensor<32x32xi16>, !kcc.view<?x?xi16>
          gpu.return
        }
      }
      """;

  @ParameterizedTest
  @CsvSource({"70, 33", "32, 64", "1, 100"})
  void transpose(int m, int n) {
    try (KernelTest test = new KernelTest(TRANSPOSE)) {
      short[] x = new short[m * n];
      for (int i = 0; i < x.length; i++) {
        x[i] = (short) test.random().nextInt();
      }
      MemorySegment y = test.poisoned(2L * m * n);
      test.pass(test.array(x)).pass(y).pass((long) m).pass((long) n)
          .run(new LaunchGrid((m + 31) / 32, (n + 31) / 32, 1), 1);
      for (int r = 0; r < m; r++) {
        for (int c = 0; c < n; c++) {
          assertEquals(x[r * n + c], y.getAtIndex(ValueLayout.JAVA_SHORT, (long) c * m + r), "row " + r + ", column " + c);
        }
      }
    }
  }

  private static String matmul(String type) {
    return """
        gpu.module @m {
          gpu.func @matmul(%a: !kcc.ptr<T>, %b: !kcc.ptr<T>, %c: !kcc.ptr<f32>, %m: i64, %n: i64, %k: i64) kernel {
            %zero = arith.constant 0 : i64
            %one = arith.constant 1 : i64
            %b32 = arith.constant 32 : i64
            %b64 = arith.constant 64 : i64
            %av = kcc.view %a, sizes [%m, %k], strides [%k, %one] : !kcc.ptr<T> -> !kcc.view<?x?xT>
            %bv = kcc.view %b, sizes [%k, %n], strides [%n, %one] : !kcc.ptr<T> -> !kcc.view<?x?xT>
            %cv = kcc.view %c, sizes [%m, %n], strides [%n, %one] : !kcc.ptr<f32> -> !kcc.view<?x?xf32>
            %p0 = kcc.program_id 0
            %p1 = kcc.program_id 1
            %q0 = arith.extsi %p0 : i32 to i64
            %q1 = arith.extsi %p1 : i32 to i64
            %r = arith.muli %q0, %b64 : i64
            %s = arith.muli %q1, %b64 : i64
            %zeros = arith.constant dense<0.0> : tensor<64x64xf32>
            %acc = scf.for %kk = %zero to %k step %b32 iter_args(%sum = %zeros) -> (tensor<64x64xf32>) : i64 {
              %at = kcc.load_tile %av[%r, %kk] dims [0, 1] : !kcc.view<?x?xT> -> tensor<64x32xT>
              %bt = kcc.load_tile %bv[%kk, %s] dims [0, 1] : !kcc.view<?x?xT> -> tensor<32x64xT>
              %d = linalg.matmul ins(%at, %bt : tensor<64x32xT>, tensor<32x64xT>)
                  outs(%sum : tensor<64x64xf32>) -> tensor<64x64xf32>
              scf.yield %d : tensor<64x64xf32>
            }
            kcc.store_tile %acc, %cv[%r, %s] dims [0, 1] : tensor<64x64xf32>, !kcc.view<?x?xf32>
            gpu.return
          }
        }
        """.replace("<T>", "<" + type + ">").replace("xT>", "x" + type + ">");
  }

  @ParameterizedTest
  @CsvSource({"f16, 100, 70, 50", "bf16, 64, 64, 32", "f32, 129, 65, 33", "f32, 512, 512, 512", "f16, 512, 512, 512"})
  void matmul(String type, int m, int n, int k) {
    try (KernelTest test = new KernelTest(matmul(type))) {
      float[] a = rounded(type, test.normal(m * k));
      float[] b = rounded(type, test.normal(k * n));
      MemorySegment c = test.poisoned(4L * m * n);
      test.pass(stored(test, type, a)).pass(stored(test, type, b)).pass(c).pass((long) m).pass((long) n).pass((long) k);
      long start = System.nanoTime();
      test.run(new LaunchGrid((m + 63) / 64, (n + 63) / 64, 1), 1);
      double seconds = (System.nanoTime() - start) * 1e-9;
      assertTrue(seconds < 1, "took " + seconds + " s");
      float[] got = KernelTest.floats(c);
      for (int r = 0; r < m; r++) {
        double[] row = new double[n];
        for (int i = 0; i < k; i++) {
          for (int j = 0; j < n; j++) {
            row[j] += (double) a[r * k + i] * b[i * n + j];
          }
        }
        for (int j = 0; j < n; j++) {
          assertEquals(row[j], got[r * n + j], 2e-4, "row " + r + ", column " + j + ", seed " + test.seed());
        }
      }
    }
  }

  private static float[] rounded(String type, float[] numbers) {
    float[] rounded = new float[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      rounded[i] = switch (type) {
        case "f16" -> Float.float16ToFloat(Float.floatToFloat16(numbers[i]));
        case "bf16" -> Float.intBitsToFloat(Float.floatToRawIntBits(numbers[i]) & 0xFFFF0000);
        default -> numbers[i];
      };
    }
    return rounded;
  }

  private static MemorySegment stored(KernelTest test, String type, float[] numbers) {
    if (type.equals("f32")) {
      return test.array(numbers);
    }
    short[] bits = new short[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      bits[i] = type.equals("f16") ? Float.floatToFloat16(numbers[i])
          : (short) (Float.floatToRawIntBits(numbers[i]) >>> 16);
    }
    return test.array(bits);
  }

  @Test
  void referenceComputesInDouble() {
    try (KernelTest test = new KernelTest(SOFTMAX, Precision.REFERENCE)) {
      int rows = 3;
      int columns = 700;
      double[] x = new double[rows * columns];
      for (int i = 0; i < x.length; i++) {
        x[i] = test.random().nextGaussian();
      }
      MemorySegment y = test.poisoned(8L * x.length);
      test.pass(test.array(x)).pass(y).pass((long) rows).pass((long) columns).run(rows);
      for (int r = 0; r < rows; r++) {
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += Math.exp(x[r * columns + c]);
        }
        for (int c = 0; c < columns; c++) {
          double wanted = Math.exp(x[r * columns + c]) / sum;
          double got = y.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) r * columns + c);
          assertEquals(wanted, got, 1e-13 * wanted, "seed " + test.seed());
        }
      }
    }
  }

  @Test
  void referenceOfAProductOfHalves() {
    try (KernelTest test = new KernelTest(matmul("f16"), Precision.REFERENCE)) {
      int m = 65;
      int n = 40;
      int k = 33;
      double[] a = doubles(test, m * k);
      double[] b = doubles(test, k * n);
      MemorySegment c = test.poisoned(8L * m * n);
      test.pass(test.array(a)).pass(test.array(b)).pass(c).pass((long) m).pass((long) n).pass((long) k)
          .run(new LaunchGrid(2, 1, 1), 1);
      for (int i = 0; i < m * n; i++) {
        double sum = 0;
        for (int l = 0; l < k; l++) {
          sum += a[i / n * k + l] * b[l * n + i % n];
        }
        assertEquals(sum, c.getAtIndex(ValueLayout.JAVA_DOUBLE, i), 1e-13, "element " + i + ", seed " + test.seed());
      }
    }
  }

  @Test
  void referenceOfAChainInHalves() {
    try (KernelTest test = new KernelTest(CHAIN, Precision.REFERENCE)) {
      int m = 17;
      int n = 65;
      double[] x = doubles(test, m * n);
      double[] bias = doubles(test, n);
      double[] residual = doubles(test, m * n);
      MemorySegment y = test.poisoned(8L * m * n);
      test.pass(test.array(x)).pass(test.array(bias)).pass(test.array(residual)).pass(y)
          .pass((long) m).pass((long) n).run(new LaunchGrid(2, 2, 1), 1);
      for (int i = 0; i < m * n; i++) {
        double s = x[i] + bias[i % n];
        // The constant of the kernel is an f32.
        double wanted = 0.5 * s * (1 + Erf.of(s * (double) 0.70710677f)) + residual[i];
        assertEquals(wanted, y.getAtIndex(ValueLayout.JAVA_DOUBLE, i), 1e-11, "element " + i + ", seed " + test.seed());
      }
    }
  }

  private static double[] doubles(KernelTest test, int count) {
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = test.random().nextGaussian();
    }
    return numbers;
  }
}
