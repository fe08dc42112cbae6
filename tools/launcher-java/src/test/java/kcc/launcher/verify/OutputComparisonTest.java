// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.verify.OutputComparison.Written;
import kcc.launcher.verify.Reference.Expected;
import org.junit.jupiter.api.Test;

class OutputComparisonTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static HostArray array(ElementType type, double... values) {
    HostArray array = HostArray.zeros(type, List.of((long) values.length));
    for (int i = 0; i < values.length; i++) {
      array.set(i, values[i]);
    }
    return array;
  }

  private static Expected exactly(double... values) {
    HostArray value = array(ElementType.F64, values);
    return new Expected(value, List.of(value, value), true);
  }

  private static OutputResult compare(ElementType type, Expected expected, Tolerances tolerances, double... actual) {
    return OutputComparison.of("Y", expected, List.of(new Written(array(type, actual), (byte) 0xff)), tolerances, 1, 0);
  }

  private static OutputResult compare(ElementType type, Expected expected, double... actual) {
    return compare(type, expected, Tolerances.derived(), actual);
  }

  @Test
  void normsAreThoseOfTheDifferences() {
    OutputResult result = compare(ElementType.F64, exactly(3, 4), 3, 4.5);
    assertEquals(0.1, result.relativeError(), 1e-12);
    assertEquals(0.5, result.largestDifference());
    assertEquals(List.of(1L), result.worst());
    assertEquals(4.5, result.actual());
    assertEquals(4, result.expected());
    assertEquals(1, result.failures());
    assertEquals(0.5 / Math.ulp(4.0), result.largestUlps());
  }

  @Test
  void roundingToTheTypeIsAllowed() {
    assertEquals(0, compare(ElementType.BF16, exactly(1.003, -200.7), 1.0, -201).failures());
    assertEquals(1, compare(ElementType.BF16, exactly(1.003, -200.7), 1.0, -204).failures());
  }

  @Test
  void infinitiesAndNaNMustBeInTheSamePlaces() {
    Expected special = exactly(INFINITY, -INFINITY, Double.NaN, 1);
    assertEquals(0, compare(ElementType.F32, special, INFINITY, -INFINITY, Double.NaN, 1).failures());
    assertEquals(1, compare(ElementType.F32, special, -INFINITY, -INFINITY, Double.NaN, 1).failures());
    assertEquals(1, compare(ElementType.F32, special, INFINITY, -INFINITY, 0, 1).failures());
    assertEquals(1, compare(ElementType.F32, special, INFINITY, -INFINITY, Double.NaN, Double.NaN).failures());
    assertEquals(1, compare(ElementType.F32, special, INFINITY, 3, Double.NaN, 1).failures());
  }

  @Test
  void overflowOfTheTypeIsInfinityOrItsGreatestNumber() {
    assertEquals(0, compare(ElementType.F16, exactly(1e6, -1e6), INFINITY, -65504).failures());
    assertEquals(1, compare(ElementType.F16, exactly(1e6, -1e6), INFINITY, INFINITY).failures());
    assertEquals(1, compare(ElementType.F16, exactly(1e6), 100).failures());
    assertEquals(0, compare(ElementType.F8E4M3, exactly(1e6, INFINITY), Double.NaN, 448).failures());
  }

  @Test
  void whatMovedInputsDoIsAllowed() {
    HostArray value = array(ElementType.F64, 1e-3);
    HostArray moved = array(ElementType.F64, 1.1e-3);
    Expected steep = new Expected(value, List.of(moved, value), true);
    assertEquals(0, compare(ElementType.F32, steep, 1.2e-3).failures());
    assertEquals(1, compare(ElementType.F32, exactly(1e-3), 1.2e-3).failures());
  }

  @Test
  void integersJumpOnlyWhereMovedInputsMakeThemJump() {
    HostArray value = array(ElementType.I8, 5, 5);
    Expected tie = new Expected(value, List.of(value, array(ElementType.I8, 6, 5)), true);
    assertEquals(0, compare(ElementType.I8, tie, 6, 5).failures());
    assertEquals(1, compare(ElementType.I8, tie, 6, 6).failures());
    Tolerances exact = new Tolerances(Map.of(), Map.of(), Tolerances.F32_ROUNDOFF, true);
    assertEquals(1, compare(ElementType.I8, tie, exact, 6, 5).failures());
  }

  @Test
  void theGreatestOfWhatCancelsGivesTheScale() {
    HostArray close = array(ElementType.F32, 1e-3);
    List<Written> launches = List.of(new Written(close, (byte) 0xff));
    assertEquals(1, OutputComparison.of("Y", exactly(0), launches, Tolerances.derived(), 1, 100).failures());
    assertEquals(0, OutputComparison.of("Y", exactly(0), launches, Tolerances.derived(), 1, 1e4).failures());
  }

  @Test
  void numbersOfTheListCountWhereTheyAreGreater() {
    Tolerances loose = new Tolerances(Map.of("Y", 0.5), Map.of(), Tolerances.F32_ROUNDOFF, false);
    assertEquals(0, compare(ElementType.F32, exactly(1), loose, 1.4).failures());
    assertEquals(1, compare(ElementType.F32, exactly(1), loose, 1.6).failures());
    Tolerances tight = new Tolerances(Map.of("Y", 1e-30), Map.of(), Tolerances.F32_ROUNDOFF, false);
    assertEquals(0, compare(ElementType.F32, exactly(1), tight, 1 + 0x1p-23).failures());
    Tolerances relative = new Tolerances(Map.of(), Map.of("", 0.5), Tolerances.F32_ROUNDOFF, false);
    assertEquals(0, compare(ElementType.F32, exactly(10), relative, 14).failures());
  }

  @Test
  void exactMeansTheNearestNumberOfTheType() {
    Tolerances exact = new Tolerances(Map.of(), Map.of(), Tolerances.F32_ROUNDOFF, true);
    assertEquals(0, compare(ElementType.BF16, exactly(1.003), exact, 1.0).failures());
    assertEquals(1, compare(ElementType.BF16, exactly(1.003), exact, 1.0078125).failures());
  }

  @Test
  void anEmptyOutputIsRight() {
    OutputResult result = compare(ElementType.F32, exactly());
    assertEquals(0, result.failures());
    assertNull(result.failure());
    assertTrue(result.worst().isEmpty());
  }
}
