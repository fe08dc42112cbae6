// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArrayRecipeTest {
  private static ArrayRecipe recipe(ArrayGenerator generator, ElementType type, double low, double high, Long... shape) {
    return new ArrayRecipe(generator, type, List.of(shape), 3, low, high);
  }

  @ParameterizedTest
  @EnumSource(ArrayGenerator.class)
  void jsonGivesTheSameRecipe(ArrayGenerator generator) {
    ArrayRecipe recipe = recipe(generator, ElementType.BF16, Double.NEGATIVE_INFINITY, 2, 3L, 5L);
    assertEquals(recipe, ArrayRecipe.of(recipe.toJson()));
  }

  @Test
  void randomValuesDoNotDependOnHowManyAreMade() {
    HostArray all = recipe(ArrayGenerator.RANDOM, ElementType.F32, 0, 0, 300L, 400L).make();
    HostArray first = recipe(ArrayGenerator.RANDOM, ElementType.F32, 0, 0, 300L, 400L).first(70_000);
    HostArray sequential = HostArray.zeros(ElementType.F32, List.of(300L, 400L));
    RandomValues.fill(sequential, 3);
    for (long index = 0; index < all.elementCount(); index++) {
      assertEquals(sequential.get(index), all.get(index));
      if (index < first.elementCount()) {
        assertEquals(first.get(index), all.get(index));
      }
    }
  }

  @Test
  void uniformIntegersReachBothEndsAndNoFurther() {
    HostArray array = recipe(ArrayGenerator.UNIFORM, ElementType.I32, -2, 3, 10_000L).make();
    long[] seen = new long[5];
    for (long index = 0; index < array.elementCount(); index++) {
      seen[(int) array.getLong(index) + 2]++;
    }
    for (long count : seen) {
      assertTrue(count > 1700 && count < 2300, List.of(seen[0], seen[1], seen[2], seen[3], seen[4]).toString());
    }
  }

  @Test
  void uniformRealNumbersStayBelowTheirLimit() {
    HostArray array = recipe(ArrayGenerator.UNIFORM, ElementType.F64, 5, 6, 1000L).make();
    double sum = 0;
    for (long index = 0; index < array.elementCount(); index++) {
      assertTrue(array.get(index) >= 5 && array.get(index) < 6);
      sum += array.get(index);
    }
    assertEquals(5.5, sum / 1000, 0.05);
  }

  @Test
  void anEmptyRangeIsRefused() {
    LauncherException refused =
        assertThrows(LauncherException.class, () -> recipe(ArrayGenerator.UNIFORM, ElementType.I32, 3, 3, 1L));
    assertTrue(refused.getMessage().contains("from 3.0 up to 3.0"), refused.getMessage());
  }
}
