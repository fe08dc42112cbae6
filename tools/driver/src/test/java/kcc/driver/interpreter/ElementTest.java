// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElementTest {
  @Test
  void f16IsJavas() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float number = Math.scalb(random.nextFloat(-2, 2), random.nextInt(-26, 18));
      assertEquals((double) Float.float16ToFloat(Float.floatToFloat16(number)), Element.F16.round(number), "of " + number);
    }
  }

  /// Ties go to the even neighbour; 8 bits of E4M3FN have no infinity, and smallest numbers are subnormal.
  @ParameterizedTest
  @CsvSource({
      "F8E4M3FN, 464, 448", "F8E4M3FN, 465, NaN", "F8E4M3FN, -1.0625, -1", "F8E4M3FN, 1.1875, 1.25",
      "F8E4M3FN, 0.001953125, 0.001953125", "F8E4M3FN, 0.0009765625, 0", "F8E4M3FN, Infinity, NaN",
      "F8E5M2, 57345, 57344", "F8E5M2, 61440, Infinity", "F8E5M2, 1.125, 1", "BF16, 1.00390625, 1", "BF16, 1.01171875, 1.015625",
      "F32, 1e-46, 0", "F32, 16777217, 16777216"})
  void roundsToTheNearest(Element element, double number, double nearest) {
    assertEquals(nearest, element.round(number));
  }
}
