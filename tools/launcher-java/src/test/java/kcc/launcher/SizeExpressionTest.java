// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeExpressionTest {
  private static final Map<String, Long> SIZES = Map.of("M", 1000L, "N", 17L, "ceildivs", 3L);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 1",
        "M | 1000",
        "(M + 63) // 64 | 16",
        "(M + 63) floordiv 64 | 16",
        "M ceildiv 64 | 16",
        "ceildiv(M, 64) * ceildiv(N, 8) | 48",
        "-7 // 2 | -4",
        "-7 % 2 | 1",
        "M mod 7 | 6",
        "min(M, N) + max(M, N) | 1017",
        "1 - 2 - 3 | -4",
        "2 + 3 * 4 | 14",
        "(2 + 3) * 4 | 20",
        "N % 16 == 0 | 0",
        "M <= 16384 | 1",
        "ceildivs + 1 | 4",
      })
  void evaluates(String text, long expected) {
    assertEquals(expected, SizeExpression.evaluate(text.strip(), SIZES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "K | no value is known for 'K'",
        "M + | it ends too early",
        "(M | ')' is missing",
        "M M | 'M' is unexpected",
        "M // 0 | divides by zero",
        "9223372036854775807 + 1 | 64 bits",
        "12abc | no 64-bit integer",
      })
  void saysWhatIsWrong(String text, String expected) {
    LauncherException error =
        assertThrows(LauncherException.class, () -> SizeExpression.evaluate(text.strip(), SIZES));
    assertTrue(error.getMessage().contains(expected), error.getMessage());
  }

  @Test
  void smallestIntegerHasNoNegative() {
    assertThrows(
        LauncherException.class,
        () -> SizeExpression.evaluate("-M", Map.of("M", Long.MIN_VALUE)));
  }
}
