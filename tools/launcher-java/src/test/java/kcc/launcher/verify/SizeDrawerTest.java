// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import kcc.launcher.LauncherException;
import org.junit.jupiter.api.Test;

class SizeDrawerTest {
  private static SizeDrawer drawer(Map<String, SizeRange> ranges, List<String> conditions, long elements) {
    return new SizeDrawer(
        "f", ranges, conditions, UnaryOperator.identity(), elements,
        sizes -> sizes.values().stream().reduce(1L, (a, b) -> a * b));
  }

  private static Map<String, SizeRange> ranges(SizeRange m, SizeRange n) {
    Map<String, SizeRange> ranges = new LinkedHashMap<>();
    ranges.put("M", m);
    ranges.put("N", n);
    return ranges;
  }

  @Test
  void cornersComeFirst() {
    SizeDrawer drawer = drawer(ranges(new SizeRange(1, 100, 1), new SizeRange(3, 50, 1)), List.of(), 1000);
    assertEquals(Map.of("M", 1L, "N", 3L), drawer.draw(0, new Draws(1)));
    assertEquals(Map.of("M", 100L, "N", 3L), drawer.draw(1, new Draws(1)));
    assertEquals(Map.of("M", 1L, "N", 50L), drawer.draw(2, new Draws(1)));
  }

  @Test
  void aCornerBeyondTheRoomBecomesTheGreatestThatFits() {
    SizeDrawer drawer = drawer(Map.of("N", new SizeRange(1, 1 << 20, 1)), List.of(), 1000);
    long greatest = drawer.draw(1, new Draws(1)).get("N");
    assertTrue(greatest > 500 && greatest <= 1000, "" + greatest);
  }

  @Test
  void conditionsAndRoomHoldForEveryCase() {
    SizeDrawer drawer =
        drawer(
            ranges(new SizeRange(1, 4096, 1), new SizeRange(1, 1 << 16, 1)),
            List.of("N <= 4096", "N % 16 == 0", "M != 3", "M + N <= 4100"),
            50_000);
    TreeSet<Long> columns = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      Map<String, Long> sizes = drawer.draw(i, new Draws(i));
      assertTrue(sizes.get("M") * sizes.get("N") <= 50_000, sizes.toString());
      assertTrue(sizes.get("M") != 3 && sizes.get("M") + sizes.get("N") <= 4100, sizes.toString());
      assertEquals(0, sizes.get("N") % 16);
      columns.add(sizes.get("N"));
    }
    assertEquals(16, columns.first());
    assertEquals(4096, columns.last());
  }

  @Test
  void sizesAreOfEveryKind() {
    SizeDrawer drawer = drawer(Map.of("N", new SizeRange(1, 4096, 1)), List.of(), 1 << 20);
    TreeSet<Long> seen = new TreeSet<>();
    for (int i = 2; i < 400; i++) {
      seen.add(drawer.draw(i, new Draws(i)).get("N"));
    }
    assertTrue(seen.contains(1L) && seen.contains(4096L) && seen.contains(4095L), seen.toString());
    assertTrue(seen.stream().anyMatch(n -> n > 100 && n % 2 == 1), seen.toString());
    assertTrue(seen.stream().anyMatch(n -> n > 100 && n % 16 == 0), seen.toString());
    assertTrue(seen.size() > 100, seen.toString());
  }

  @Test
  void aSizeThatAConditionGivesIsComputed() {
    SizeDrawer drawer =
        drawer(
            ranges(new SizeRange(1, 4096, 1), new SizeRange(1, 4096, 1)), List.of("M == N ceildiv 128"), 1 << 20);
    TreeSet<Long> blocks = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      Map<String, Long> sizes = drawer.draw(i, new Draws(i));
      assertEquals((sizes.get("N") + 127) / 128, sizes.get("M"));
      blocks.add(sizes.get("M"));
    }
    assertTrue(blocks.size() > 10, blocks.toString());
  }

  @Test
  void whatCannotBeMetIsSaid() {
    LauncherException none =
        assertThrows(
            LauncherException.class,
            () -> drawer(Map.of("N", new SizeRange(5000, 6000, 1)), List.of("N <= 4096"), 1000));
    assertTrue(none.getMessage().contains("N <= 4096") && none.getMessage().contains("5000..6000"), none.getMessage());
    LauncherException contradiction =
        assertThrows(
            LauncherException.class,
            () -> drawer(Map.of("N", new SizeRange(1, 64, 1)), List.of("N % 7 == 8"), 1000).draw(3, new Draws(3)));
    assertTrue(contradiction.getMessage().contains("N % 7 == 8"), contradiction.getMessage());
  }
}
