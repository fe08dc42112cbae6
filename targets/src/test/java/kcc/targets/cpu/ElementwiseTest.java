// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Scalar semantics of operations on tiles: accuracy, rounding, operands that trap or have no result elsewhere.
class ElementwiseTest {
  private static final int N = 512;

  /// `%r` from `%a` (and `%b`): one load of each input, the operation, one store.
  private static String kernel(String from, String to, String operation) {
    return """
        gpu.module @m {
          gpu.func @k(%x: !kcc.ptr<FROM>, %y: !kcc.ptr<FROM>, %z: !kcc.ptr<TO>, %n: i32) kernel {
            %i = kcc.arange : tensor<512xi32>
            %ns = tensor.splat %n : tensor<512xi32>
            %m = arith.cmpi slt, %i, %ns : tensor<512xi32>
            %a = kcc.load %x[%i] mask %m : !kcc.ptr<FROM>, tensor<512xi32> -> tensor<512xFROM>
            %b = kcc.load %y[%i] mask %m : !kcc.ptr<FROM>, tensor<512xi32> -> tensor<512xFROM>
            OPERATION
            kcc.store %r, %z[%i] mask %m : tensor<512xTO>, !kcc.ptr<TO>, tensor<512xi32>
            gpu.return
          }
        }
        """.replace("OPERATION", operation).replace("FROM", from).replace("TO", to);
  }

  private static double math(String name, double x) {
    DoubleUnaryOperator function = switch (name) {
      case "exp" -> Math::exp;
      case "exp2" -> value -> Math.pow(2, value);
      case "expm1" -> Math::expm1;
      case "log" -> Math::log;
      case "log2" -> value -> Math.log(value) / Math.log(2);
      case "log10" -> Math::log10;
      case "log1p" -> Math::log1p;
      case "sin" -> Math::sin;
      case "cos" -> Math::cos;
      case "tan" -> Math::tan;
      case "tanh" -> Math::tanh;
      case "atan" -> Math::atan;
      case "erf" -> Erf::of;
      case "sqrt" -> Math::sqrt;
      case "rsqrt" -> value -> 1 / Math.sqrt(value);
      case "cbrt" -> Math::cbrt;
      case "floor" -> Math::floor;
      case "ceil" -> Math::ceil;
      case "roundeven" -> Math::rint;
      case "trunc" -> value -> (double) (long) value;
      case "absf" -> Math::abs;
      default -> throw new IllegalArgumentException(name);
    };
    return function.applyAsDouble(x);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan", "tanh", "atan",
      "erf", "sqrt", "rsqrt", "cbrt", "floor", "ceil", "roundeven", "trunc", "absf"})
  void mathIsGoodToOneUnitInTheLastPlace(String name) {
    try (KernelTest test = new KernelTest(
        kernel("f32", "f32", "%r = math." + name + " %a : tensor<512xf32>"))) {
      float[] x = test.normal(N);
      boolean positive = name.startsWith("log") || name.endsWith("sqrt");
      for (int i = 0; i < N; i++) {
        x[i] = positive ? Math.abs(x[i] * 3) + 1e-3f : x[i] * 3;
      }
      MemorySegment z = test.poisoned(4L * N);
      test.pass(test.array(x)).pass(test.array(x)).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        double wanted = math(name, x[i]);
        float got = z.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        assertEquals(wanted, got, Math.ulp((float) wanted), name + "(" + x[i] + "), seed " + test.seed());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "tanh", "sqrt", "log"})
  void mathInHalfPrecisionIsRoundedOnce(String name) {
    try (KernelTest test = new KernelTest(
        kernel("f16", "f16", "%r = math." + name + " %a : tensor<512xf16>"))) {
      short[] x = new short[N];
      for (int i = 0; i < N; i++) {
        x[i] = Float.floatToFloat16((float) Math.abs(test.random().nextGaussian()));
      }
      MemorySegment z = test.poisoned(2L * N);
      test.pass(test.array(x)).pass(test.array(x)).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        float argument = Float.float16ToFloat(x[i]);
        double wanted = math(name, argument);
        short got = z.getAtIndex(ValueLayout.JAVA_SHORT, i);
        assertEquals(SmallFloat.F16.nearest(wanted), Short.toUnsignedInt(got), name + "(" + argument + ")");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"f32, f16", "f64, f16", "f32, bf16", "f64, bf16", "f32, f8E4M3FN", "f64, f8E4M3FN", "f32, f8E5M2",
      "f64, f8E5M2", "f16, f8E4M3FN", "bf16, f16"})
  void narrowingRoundsToNearestEven(String from, String to) {
    SmallFloat format = SmallFloat.of(to);
    try (KernelTest test = new KernelTest(kernel(from, to, from.equals("bf16")
        ? """
          %w = arith.extf %a : tensor<512xbf16> to tensor<512xf32>
          %r = arith.truncf %w : tensor<512xf32> to tensor<512xf16>"""
        : "%r = arith.truncf %a : tensor<512xFROM> to tensor<512xTO>"))) {
      double[] x = new double[N];
      for (int i = 0; i < N; i++) {
        x[i] = switch (i % 8) {
          // Halfway between two neighbours, and just beside it.
          case 0, 1, 2 -> format.halfway(test.random().nextInt(format.finiteCodes() - 1))
              * (1 + (i % 8 - 1) * 1e-5) * (test.random().nextBoolean() ? 1 : -1);
          case 3 -> format.value(test.random().nextInt(format.finiteCodes()));
          case 4 -> test.random().nextGaussian() * Math.scalb(1.0, test.random().nextInt(60) - 30);
          case 5 -> format.largest() * (1 + test.random().nextDouble() / 16);
          case 6 -> new double[] {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY,
              format.largest(), -format.largest(), Math.scalb(format.value(1), -1)}[i / 8 % 8];
          default -> format.value(1) * test.random().nextDouble() * 4;
        };
      }
      MemorySegment source = test.poisoned((long) N * width(from) / 8);
      for (int i = 0; i < N; i++) {
        x[i] = put(source, from, i, x[i]);
      }
      MemorySegment z = test.poisoned((long) N * width(to) / 8);
      test.pass(source).pass(source).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        int got = width(to) == 8 ? Byte.toUnsignedInt(z.get(ValueLayout.JAVA_BYTE, i))
            : Short.toUnsignedInt(z.getAtIndex(ValueLayout.JAVA_SHORT, i));
        if (Double.isNaN(x[i])) {
          assertTrue(format.isNan(got), "NaN became " + got);
        } else {
          assertEquals(format.nearest(x[i]), got, x[i] + " to " + to + ", seed " + test.seed());
        }
      }
    }
  }

  private static int width(String type) {
    return switch (type) {
      case "f64" -> 64;
      case "f32" -> 32;
      case "f16", "bf16" -> 16;
      default -> 8;
    };
  }

  /// Stores a number in a type that holds more than the tested one, and gives what was stored.
  private static double put(MemorySegment data, String type, int index, double number) {
    switch (type) {
      case "f64" -> {
        data.setAtIndex(ValueLayout.JAVA_DOUBLE, index, number);
        return number;
      }
      case "f32" -> {
        data.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) number);
        return (float) number;
      }
      case "f16" -> {
        short bits = Float.floatToFloat16((float) number);
        data.setAtIndex(ValueLayout.JAVA_SHORT, index, bits);
        return Float.float16ToFloat(bits);
      }
      default -> {
        int bits = Float.floatToRawIntBits((float) number) & 0xFFFF0000;
        data.setAtIndex(ValueLayout.JAVA_SHORT, index, (short) (bits >>> 16));
        return Float.intBitsToFloat(bits);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f8E4M3FN", "f8E5M2"})
  void widensEveryByte(String type) {
    SmallFloat format = SmallFloat.of(type);
    try (KernelTest test = new KernelTest(
        kernel(type, "f32", "%r = arith.extf %a : tensor<512xFROM> to tensor<512xf32>"))) {
      byte[] x = new byte[256];
      for (int i = 0; i < 256; i++) {
        x[i] = (byte) i;
      }
      MemorySegment z = test.poisoned(4L * 256);
      test.pass(test.array(x)).pass(test.array(x)).pass(z).pass(256).run(1);
      for (int i = 0; i < 256; i++) {
        float got = z.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        float magnitude = format.isNan(i) ? Float.NaN
            : (i & 127) == format.finiteCodes() ? Float.POSITIVE_INFINITY : (float) format.value(i & 127);
        float wanted = i < 128 ? magnitude : -magnitude;
        assertEquals(wanted, got, 0.0f, "byte " + i);
        assertEquals(wanted != 0 ? Math.signum(wanted) : i < 128 ? 1 : -1, wanted != 0 ? Math.signum(got)
            : Math.copySign(1, got), "sign of byte " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"addf", "subf", "mulf", "divf"})
  void arithmeticInBf16IsCorrectlyRounded(String name) {
    try (KernelTest test = new KernelTest(
        kernel("bf16", "bf16", "%r = arith." + name + " %a, %b : tensor<512xbf16>"))) {
      short[] x = new short[N];
      short[] y = new short[N];
      for (int i = 0; i < N; i++) {
        x[i] = (short) (Float.floatToRawIntBits((float) test.random().nextGaussian()) >>> 16);
        y[i] = (short) (Float.floatToRawIntBits((float) test.random().nextGaussian()) >>> 16);
      }
      MemorySegment z = test.poisoned(2L * N);
      test.pass(test.array(x)).pass(test.array(y)).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        double a = Float.intBitsToFloat(x[i] << 16);
        double b = Float.intBitsToFloat(y[i] << 16);
        double wanted = switch (name) {
          case "addf" -> a + b;
          case "subf" -> a - b;
          case "mulf" -> a * b;
          default -> a / b;
        };
        assertEquals(SmallFloat.BF16.nearest(wanted), Short.toUnsignedInt(z.getAtIndex(ValueLayout.JAVA_SHORT, i)),
            a + " " + name + " " + b);
      }
    }
  }

  private static final long[] EDGES = {0, 1, -1, 2, 3, -3, 7, -8, 31, 32, 33, 63, 64, 65, Integer.MAX_VALUE,
      Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE};

  @ParameterizedTest
  @CsvSource({"divsi, i32", "divsi, i64", "divui, i32", "divui, i64", "remsi, i32", "remsi, i64", "remui, i32",
      "floordivsi, i32", "floordivsi, i64", "ceildivsi, i32", "ceildivui, i32", "shli, i32", "shli, i64", "shrsi, i32",
      "shrsi, i64", "shrui, i32", "shrui, i64", "divsi, i8", "remsi, i16", "shrsi, i8"})
  void integersHaveResultsForAllOperands(String name, String type) {
    int width = Integer.parseInt(type.substring(1));
    try (KernelTest test = new KernelTest(
        kernel(type, type, "%r = arith." + name + " %a, %b : tensor<512xFROM>"))) {
      int count = EDGES.length * EDGES.length;
      MemorySegment x = test.poisoned((long) count * width / 8);
      MemorySegment y = test.poisoned((long) count * width / 8);
      MemorySegment z = test.poisoned((long) count * width / 8);
      for (int i = 0; i < count; i++) {
        putInteger(x, width, i, EDGES[i / EDGES.length]);
        putInteger(y, width, i, EDGES[i % EDGES.length]);
      }
      test.pass(x).pass(y).pass(z).pass(count).run(1);
      for (int i = 0; i < count; i++) {
        long a = getInteger(x, width, i);
        long b = getInteger(y, width, i);
        assertEquals(truncated(integer(name, width).applyAsLong(a, b), width), getInteger(z, width, i),
            name + " of " + a + " and " + b);
      }
    }
  }

  /// The definitions in plain Java, on sign-extended values.
  private static LongBinaryOperator integer(String name, int width) {
    long mask = width == 64 ? -1 : (1L << width) - 1;
    return switch (name) {
      case "divsi" -> (a, b) -> b == 0 ? -1 : a / b;
      case "divui" -> (a, b) -> b == 0 ? -1 : Long.divideUnsigned(a & mask, b & mask);
      case "remsi" -> (a, b) -> b == 0 ? a : a % b;
      case "remui" -> (a, b) -> b == 0 ? a : Long.remainderUnsigned(a & mask, b & mask);
      case "floordivsi" -> (a, b) -> b == 0 ? -1 : Math.floorDiv(a, b);
      case "ceildivsi" -> (a, b) -> b == 0 ? -1 : Math.ceilDiv(a, b);
      case "ceildivui" -> (a, b) -> b == 0 ? -1 : Long.divideUnsigned(a & mask, b & mask)
          + (Long.remainderUnsigned(a & mask, b & mask) != 0 ? 1 : 0);
      case "shli" -> (a, b) -> (b & mask) >= width || (b & mask) < 0 ? 0 : a << b;
      case "shrsi" -> (a, b) -> (b & mask) >= width || (b & mask) < 0 ? a >> 63 : a >> b;
      case "shrui" -> (a, b) -> (b & mask) >= width || (b & mask) < 0 ? 0 : (a & mask) >>> b;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static long truncated(long value, int width) {
    return value << (64 - width) >> (64 - width);
  }

  private static void putInteger(MemorySegment data, int width, int index, long value) {
    for (int i = 0; i < width / 8; i++) {
      data.set(ValueLayout.JAVA_BYTE, (long) index * width / 8 + i, (byte) (value >>> (8 * i)));
    }
  }

  private static long getInteger(MemorySegment data, int width, int index) {
    long value = 0;
    for (int i = 0; i < width / 8; i++) {
      value |= Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, (long) index * width / 8 + i)) << (8 * i);
    }
    return truncated(value, width);
  }

  @ParameterizedTest
  @CsvSource({"fptosi, i8", "fptosi, i32", "fptosi, i64", "fptoui, i8", "fptoui, i32", "fptoui, i64"})
  void conversionsToIntegersSaturate(String name, String type) {
    int width = Integer.parseInt(type.substring(1));
    try (KernelTest test = new KernelTest(
        kernel("f32", type, "%r = arith." + name + " %a : tensor<512xf32> to tensor<512xTO>"))) {
      float[] x = {0, -0.0f, 0.9f, -0.9f, 1.5f, -1.5f, 127, 128, 255, 256, -128, -129, 2147483520f, 2147483648f,
          4294967040f, 4294967296f, 9.2233715e18f, 9.223372e18f, 1.8446743e19f, 1.8446744e19f, 1e30f, -1e30f,
          Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
      MemorySegment z = test.poisoned((long) x.length * width / 8);
      test.pass(test.array(x)).pass(test.array(x)).pass(z).pass(x.length).run(1);
      java.math.BigDecimal lowest = name.equals("fptosi") ? java.math.BigDecimal.TWO.pow(width - 1).negate()
          : java.math.BigDecimal.ZERO;
      java.math.BigDecimal highest = java.math.BigDecimal.TWO.pow(name.equals("fptosi") ? width - 1 : width)
          .subtract(java.math.BigDecimal.ONE);
      for (int i = 0; i < x.length; i++) {
        long wanted;
        if (Float.isNaN(x[i])) {
          wanted = 0;
        } else if (Float.isInfinite(x[i])) {
          wanted = (x[i] > 0 ? highest : lowest).longValue();
        } else {
          wanted = new java.math.BigDecimal(x[i]).max(lowest).min(highest).toBigInteger().longValue();
        }
        assertEquals(truncated(wanted, width), getInteger(z, width, i), name + " of " + x[i]);
      }
    }
  }

  @Test
  void comparesAndSelectsWithNan() {
    try (KernelTest test = new KernelTest(kernel("f32", "i8", """
        %lt = arith.cmpf olt, %a, %b : tensor<512xf32>
        %un = arith.cmpf une, %a, %b : tensor<512xf32>
        %l = arith.extui %lt : tensor<512xi1> to tensor<512xi8>
        %u = arith.extui %un : tensor<512xi1> to tensor<512xi8>
        %two = arith.constant dense<2> : tensor<512xi8>
        %u2 = arith.muli %u, %two : tensor<512xi8>
        %r = arith.addi %l, %u2 : tensor<512xi8>"""))) {
      float[] x = {1, 2, 2, Float.NaN, 1};
      float[] y = {2, 1, 2, 1, Float.NaN};
      MemorySegment z = test.poisoned(5L);
      test.pass(test.array(x)).pass(test.array(y)).pass(z).pass(5).run(1);
      byte[] got = z.toArray(ValueLayout.JAVA_BYTE);
      assertEquals(java.util.Arrays.toString(new byte[] {3, 2, 0, 2, 2}), java.util.Arrays.toString(got));
    }
  }

  @Test
  void maximumsDifferForNan() {
    try (KernelTest test = new KernelTest(kernel("f32", "f32", """
        %p = arith.maximumf %a, %b : tensor<512xf32>
        %q = arith.maxnumf %a, %b : tensor<512xf32>
        %pn = arith.cmpf uno, %p, %p : tensor<512xf32>
        %mark = arith.constant dense<1000.0> : tensor<512xf32>
        %marked = arith.addf %q, %mark : tensor<512xf32>
        %r = arith.select %pn, %marked, %q : tensor<512xi1>, tensor<512xf32>"""))) {
      MemorySegment z = test.poisoned(4L * 3);
      test.pass(test.array(1f, Float.NaN, 3f)).pass(test.array(2f, 2f, Float.NaN)).pass(z).pass(3).run(1);
      assertEquals("[2.0, 1002.0, 1003.0]", java.util.Arrays.toString(KernelTest.floats(z)));
    }
  }

  @Test
  void referenceReadsBitsOfTheWrittenType() {
    try (KernelTest test = new KernelTest(kernel("f32", "f32", """
        %bits = arith.bitcast %a : tensor<512xf32> to tensor<512xi32>
        %mask = arith.constant dense<-65536> : tensor<512xi32>
        %high = arith.andi %bits, %mask : tensor<512xi32>
        %r = arith.bitcast %high : tensor<512xi32> to tensor<512xf32>"""), Precision.REFERENCE)) {
      double[] x = {1.00390625, -3.14159265, 1e-30};
      MemorySegment z = test.poisoned(8L * x.length);
      test.pass(test.array(x)).pass(test.array(x)).pass(z).pass(x.length).run(1);
      for (int i = 0; i < x.length; i++) {
        float wanted = Float.intBitsToFloat(Float.floatToRawIntBits((float) x[i]) & 0xFFFF0000);
        assertEquals(wanted, z.getAtIndex(ValueLayout.JAVA_DOUBLE, i), 0.0, "element " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"sitofp, i64, f16", "sitofp, i32, bf16", "uitofp, i32, f16", "uitofp, i8, bf16", "sitofp, i16, f8E4M3FN"})
  void integersBecomeNarrowNumbersRoundedOnce(String name, String from, String to) {
    int width = Integer.parseInt(from.substring(1));
    SmallFloat format = SmallFloat.of(to);
    try (KernelTest test = new KernelTest(
        kernel(from, to, "%r = arith." + name + " %a : tensor<512xFROM> to tensor<512xTO>"))) {
      MemorySegment x = test.poisoned((long) N * width / 8);
      for (int i = 0; i < N; i++) {
        putInteger(x, width, i, i < EDGES.length ? EDGES[i] : test.random().nextLong() >> test.random().nextInt(64));
      }
      MemorySegment z = test.poisoned((long) N * width(to) / 8);
      test.pass(x).pass(x).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        long number = getInteger(x, width, i);
        double value = name.equals("sitofp") || width == 64 ? number : number & ((1L << width) - 1);
        int got = (int) getInteger(z, width(to), i) & (width(to) == 8 ? 0xFF : 0xFFFF);
        assertEquals(format.nearest(value), got, number + " to " + to + ", seed " + test.seed());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"f32, i32", "f16, i16", "bf16, i16", "f8E4M3FN, i8", "f8E5M2, i8", "f64, i64"})
  void bitsGoBothWaysUnchanged(String number, String integer) {
    int bytes = width(number) / 8;
    try (KernelTest test = new KernelTest(kernel(number, number, """
        %i1 = arith.bitcast %a : tensor<512xFROM> to tensor<512xINT>
        %one = arith.constant dense<1> : tensor<512xINT>
        %i2 = arith.addi %i1, %one : tensor<512xINT>
        %r = arith.bitcast %i2 : tensor<512xINT> to tensor<512xFROM>""".replace("INT", integer)))) {
      byte[] x = new byte[N * bytes];
      test.random().nextBytes(x);
      MemorySegment source = test.array(x);
      MemorySegment z = test.poisoned(x.length);
      test.pass(source).pass(source).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        assertEquals(truncated(getInteger(source, 8 * bytes, i) + 1, 8 * bytes), getInteger(z, 8 * bytes, i),
            "element " + i + ", seed " + test.seed());
      }
    }
  }

  @Test
  void remaindersOfNumbersHaveTheSignOfTheDividend() {
    try (KernelTest test = new KernelTest(kernel("f32", "f32", "%r = arith.remf %a, %b : tensor<512xf32>"))) {
      float[] x = {7.5f, -7.5f, 7.5f, 1e30f, 5, 0};
      float[] y = {2, 2, -2, 3, 0, 3};
      MemorySegment z = test.poisoned(4L * x.length);
      test.pass(test.array(x)).pass(test.array(y)).pass(z).pass(x.length).run(1);
      for (int i = 0; i < x.length; i++) {
        assertEquals(x[i] % y[i], z.getAtIndex(ValueLayout.JAVA_FLOAT, i), 0.0f, x[i] + " % " + y[i]);
      }
    }
  }

  @Test
  void multiplyAddOfHalvesIsRoundedOnce() {
    try (KernelTest test = new KernelTest(kernel("f16", "f16", "%r = math.fma %a, %a, %b : tensor<512xf16>"))) {
      short[] x = new short[N];
      short[] y = new short[N];
      for (int i = 0; i < N; i++) {
        x[i] = Float.floatToFloat16((float) test.random().nextGaussian());
        // Near minus the square, so that everything but the rounding of the product cancels.
        float square = Float.float16ToFloat(x[i]) * Float.float16ToFloat(x[i]);
        y[i] = Float.floatToFloat16(-square);
      }
      MemorySegment z = test.poisoned(2L * N);
      test.pass(test.array(x)).pass(test.array(y)).pass(z).pass(N).run(1);
      for (int i = 0; i < N; i++) {
        double a = Float.float16ToFloat(x[i]);
        double wanted = a * a + Float.float16ToFloat(y[i]);
        short got = z.getAtIndex(ValueLayout.JAVA_SHORT, i);
        assertEquals((float) SmallFloat.F16.value(SmallFloat.F16.nearest(wanted) & 0x7FFF),
            Math.abs(Float.float16ToFloat(got)), 0.0f, "element " + i + ", seed " + test.seed());
      }
    }
  }
}
