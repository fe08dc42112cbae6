// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.launcher.ArrayGenerator;
import kcc.launcher.ArrayRecipe;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;
import kcc.launcher.JavaDevice;
import org.junit.jupiter.api.Test;

class RotatingArraysTest {
  private static final long BLOCK = 1 << 22;

  @Test
  void everySetHasTheWholeArray() {
    JavaDevice device = new JavaDevice(image -> (memory, plan) -> { });
    long count = 2 * BLOCK + 12_345;
    Map<String, ArrayRecipe> recipes = new LinkedHashMap<>();
    recipes.put("X", new ArrayRecipe(ArrayGenerator.RANDOM, ElementType.I8, List.of(count), 7, 0, 0));
    recipes.put("I", new ArrayRecipe(ArrayGenerator.ARANGE, ElementType.I32, List.of(100L), 0, 0, 0));
    try (RotatingArrays arrays = new RotatingArrays(device, recipes, 2)) {
      HostArray block = recipes.get("X").first(BLOCK);
      assertNotEquals(arrays.value("X", 0).address(), arrays.value("X", 1).address());
      for (int set = 0; set < 2; set++) {
        long x = arrays.value("X", set).address();
        assertEquals(0, x % 256);
        for (long index = 0; index < count; index += 997) {
          assertEquals(block.get(index % BLOCK), device.read(ElementType.I8, x + index), "element " + index);
        }
        assertEquals(block.get((count - 1) % BLOCK), device.read(ElementType.I8, x + count - 1));
        // Values in order are no block to be repeated.
        assertEquals(99, device.read(ElementType.I32, arrays.value("I", set).address() + 4 * 99));
      }
    }
    assertEquals(0, device.allocations());
  }
}
