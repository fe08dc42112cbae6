// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShortlistTest {
  private static Map<String, Integer> point(int rows, int columns) {
    Map<String, Integer> point = new LinkedHashMap<>();
    point.put("BM", rows);
    point.put("BN", columns);
    return point;
  }

  @Test
  void theStartIsFirstAndThenTheCheapest() {
    Map<Map<String, Integer>, Double> list =
        Shortlist.of(point(64, 64), 4, at -> Math.abs(at.get("BM") - 128) + Math.abs(at.get("BN") - 32));
    assertEquals(List.of(point(64, 64), point(128, 32), point(128, 16), point(128, 8)), List.copyOf(list.keySet()));
    assertEquals(96.0, list.get(point(64, 64)));
  }

  @Test
  void everyoneCanBeReachedByStepsAndNobodyIsImpossible() {
    for (int seed = 0; seed < 100; seed++) {
      long salt = new Random(seed).nextLong();
      List<Map<String, Integer>> list = List.copyOf(Shortlist.of(point(64, 64), 20, at -> {
        Random random = new Random(salt ^ at.hashCode());
        return random.nextInt(3) == 0 ? TileCost.IMPOSSIBLE : random.nextDouble();
      }).keySet());
      assertTrue(list.size() <= 20);
      List<Map<String, Integer>> reached = new ArrayList<>(List.of(list.getFirst()));
      for (Map<String, Integer> next : list.subList(1, list.size())) {
        assertTrue(reached.stream().anyMatch(before -> Neighbours.of(before).contains(next)), next.toString());
        reached.add(next);
      }
    }
  }

  @Test
  void aSmallSpaceIsTakenWhole() {
    Map<Map<String, Integer>, Double> list =
        Shortlist.of(point(64, 64), 100, at -> at.get("BM") <= 128 && at.get("BM") >= 64 && at.get("BN") == 64 ? 1 : TileCost.IMPOSSIBLE);
    assertEquals(List.of(point(64, 64), point(128, 64)), List.copyOf(list.keySet()));
  }
}
