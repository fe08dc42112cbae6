// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import kcc.launcher.LauncherException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepTest {
  @Test
  void valuesAreSpreadOverTheLogarithmicAxisWithOddOnesAmongThem() {
    List<Long> values = Sweep.spread(17, 131072, 40);
    assertEquals(40, values.size());
    assertEquals(17, values.getFirst());
    assertEquals(131072, values.getLast());
    assertTrue(values.stream().filter(value -> value % 2 == 1).count() >= 20, values.toString());
    for (int i = 1; i < values.size(); i++) {
      double step = (double) values.get(i) / values.get(i - 1);
      assertTrue(step > 1.1 && step < 1.45, values.toString());
    }
  }

  @Test
  void laterVariablesFollowFromEarlierOnes() {
    List<Map<String, Long>> points = Sweep.parse(List.of("N=3,16", "M=100//N", "K=min(N,M)")).points();
    assertEquals(List.of(Map.of("N", 3L, "M", 33L, "K", 3L), Map.of("N", 16L, "M", 6L, "K", 6L)), points);
    assertEquals(List.of("N", "M", "K"), List.copyOf(points.getFirst().keySet()));
  }

  @Test
  void severalVariablesWithValuesGiveEveryCombination() {
    assertEquals(6, Sweep.parse(List.of("N=1,2,3", "M=4,5")).points().size());
  }

  @Test
  void withoutVariablesThereIsOnePoint() {
    assertEquals(List.of(Map.of()), Sweep.NONE.points());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "N|'N' is no variable",
    "N=5..3:4|5..3:4 is no range",
    "N=0..3:2|0..3:2 is no range",
    "N=1..3:1|1..3:1 is no range",
  })
  void slipsAreNamed(String word, String message) {
    LauncherException refused = assertThrows(LauncherException.class, () -> Sweep.parse(List.of(word)));
    assertTrue(refused.getMessage().contains(message), refused.getMessage());
  }

  @Test
  void aVariableIsGivenOnceAndKnowsOnlyThoseBefore() {
    assertThrows(LauncherException.class, () -> Sweep.parse(List.of("N=1,2", "N=3,4")));
    assertThrows(LauncherException.class, () -> Sweep.parse(List.of("M=N*2", "N=3,4")).points());
  }
}
