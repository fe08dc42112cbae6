// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FloatFormatTest {
  private static final long SEED = 20260101;

  static Stream<FloatFormat> formats() {
    return Stream.of(FloatFormat.F16, FloatFormat.BF16, FloatFormat.F8E5M2, FloatFormat.F8E4M3);
  }

  private static int patterns(FloatFormat format) {
    return 1 << 1 + format.exponentBits() + format.mantissaBits();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void everyPatternSurvivesARoundTrip(FloatFormat format) {
    for (int bits = 0; bits < patterns(format); bits++) {
      double value = format.decode(bits);
      if (Double.isNaN(value)) {
        assertTrue(Double.isNaN(format.decode(format.encode(value))));
      } else {
        assertEquals(bits, format.encode(value), format + " " + value);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void roundsToTheNearestAndTiesToEven(FloatFormat format) {
    // Neighbouring positive patterns are neighbouring values.
    for (int bits = 0; bits + 1 < patterns(format) / 2; bits++) {
      double low = format.decode(bits);
      double high = format.decode(bits + 1);
      if (Double.isNaN(high) || Double.isInfinite(high)) {
        break;
      }
      double middle = (low + high) / 2;
      int even = bits % 2 == 0 ? bits : bits + 1;
      assertEquals(even, format.encode(middle), format + " tie at " + middle);
      assertEquals(bits, format.encode(Math.nextDown(middle)), format + " below " + middle);
      assertEquals(bits + 1, format.encode(Math.nextUp(middle)), format + " above " + middle);
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void signIsKept(FloatFormat format) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 10_000; i++) {
      double value = random.nextDouble() * Math.scalb(1.0, random.nextInt(-12, 8));
      assertEquals(format.encode(value) | patterns(format) / 2, format.encode(-value), "seed " + SEED + " " + value);
    }
  }

  @Test
  void knownValues() {
    assertEquals(0x3c00, FloatFormat.F16.encode(1.0));
    assertEquals(0x7bff, FloatFormat.F16.encode(65504.0));
    assertEquals(0x7c00, FloatFormat.F16.encode(65520.0));
    assertEquals(0x0001, FloatFormat.F16.encode(0x1p-24));
    assertEquals(0x3f80, FloatFormat.BF16.encode(1.0));
    assertEquals(0x7f80, FloatFormat.BF16.encode(Double.MAX_VALUE));
    assertEquals(0x7e, FloatFormat.F8E4M3.encode(448.0));
    assertEquals(0x7f, FloatFormat.F8E4M3.encode(480.0));
    assertEquals(0x7b, FloatFormat.F8E5M2.encode(57344.0));
    assertEquals(0x7c, FloatFormat.F8E5M2.encode(Double.POSITIVE_INFINITY));
  }
}
