// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import kcc.launcher.bench.Duel;
import org.junit.jupiter.api.Test;

class CoordinateDescentTest {
  private static final double NOISE = 0.02;

  /** Candidates with times that are known here only, measured with an error that is less than the spread told. */
  private static final class Table {
    final Map<String, Map<String, Integer>> candidates = new LinkedHashMap<>();
    final Map<String, Double> times = new HashMap<>();
    final Set<String> measured = new LinkedHashSet<>();
    final Set<String> pairs = new LinkedHashSet<>();
    final String start;
    private final Random random;
    private final double noise;

    /** A box of the lattice without some of its points; times grow with the distance from one of them, in steps. */
    static Table unimodal(long seed, double noise) {
      Table table = new Table(seed, noise);
      int[] low = {table.random.nextInt(4), table.random.nextInt(4), table.random.nextInt(4)};
      for (String name : table.candidates.keySet()) {
        int distance = 0;
        for (int axis = 0; axis < 3; axis++) {
          distance += Math.abs(Character.digit(name.charAt(axis), 10) - low[axis]);
        }
        table.times.put(name, 10.0 + distance);
      }
      return table;
    }

    static Table any(long seed) {
      Table table = new Table(seed, NOISE);
      table.candidates.keySet().removeIf(name -> !name.equals(table.start) && table.random.nextInt(4) == 0);
      table.candidates.keySet().forEach(name -> table.times.put(name, 1 + table.random.nextDouble()));
      return table;
    }

    private Table(long seed, double noise) {
      this.random = new Random(seed);
      this.noise = noise;
      for (int i = 0; i < 64; i++) {
        Map<String, Integer> point = new LinkedHashMap<>();
        point.put("BM", 1 << i / 16);
        point.put("BN", 1 << i / 4 % 4);
        point.put("BK", 1 << i % 4);
        candidates.put("" + i / 16 + i / 4 % 4 + i % 4, point);
      }
      start = "" + random.nextInt(4) + random.nextInt(4) + random.nextInt(4);
    }

    private double measured(String name) {
      return times.get(name) * (1 + noise * (random.nextDouble() - 0.5));
    }

    Duel duel(String candidate, String against) {
      assertTrue(pairs.add(candidate + "/" + against), "measured twice");
      boolean isNew = measured.add(candidate);
      assertTrue(isNew || against.equals(start), "only the last duel is of one that was measured");
      if (random.nextInt(20) == 0 && isNew) {
        return Duel.failed(candidate, against, "wrong");
      }
      return new Duel(candidate, against, measured(candidate), measured(against), noise, null);
    }

    String search() {
      return CoordinateDescent.best(candidates, start, this::duel);
    }
  }

  @Test
  void aSingleValleyIsFoundToItsGround() {
    for (int seed = 0; seed < 300; seed++) {
      Table table = Table.unimodal(seed, 0);
      String best =
          CoordinateDescent.best(
              table.candidates,
              table.start,
              (candidate, against) ->
                  new Duel(candidate, against, table.times.get(candidate), table.times.get(against), 0, null));
      assertEquals(10.0, table.times.get(best), "seed " + seed);
    }
  }

  @Test
  void nothingIsMeasuredTwiceAndNothingWorseThanTheStartWins() {
    for (int seed = 0; seed < 1000; seed++) {
      Table table = seed % 2 == 0 ? Table.any(seed) : Table.unimodal(seed, NOISE);
      String best = table.search();
      assertTrue(table.times.get(best) <= table.times.get(table.start), "seed " + seed);
      assertTrue(table.measured.size() < table.candidates.size());
      assertFalse(table.measured.contains(table.start));
    }
  }

  @Test
  void afterEveryPrefixOfMeasurementsTheRestGivesTheSame() {
    for (int seed = 0; seed < 40; seed++) {
      Table table = Table.any(seed);
      Map<String, Duel> all = new LinkedHashMap<>();
      String best =
          CoordinateDescent.best(
              table.candidates,
              table.start,
              (candidate, against) -> {
                Duel duel = table.duel(candidate, against);
                all.put(candidate + "/" + against, duel);
                return duel;
              });
      for (int prefix = 0; prefix <= all.size(); prefix++) {
        Set<String> known = new LinkedHashSet<>(all.keySet().stream().limit(prefix).toList());
        Set<String> asked = new LinkedHashSet<>();
        String again =
            CoordinateDescent.best(
                table.candidates,
                table.start,
                (candidate, against) -> {
                  String pair = candidate + "/" + against;
                  if (!known.contains(pair)) {
                    asked.add(pair);
                  }
                  return all.get(pair);
                });
        assertEquals(best, again);
        assertEquals(all.size() - prefix, asked.size());
      }
    }
  }

  @Test
  void aStartWithoutNeighboursIsTheBest() {
    Map<String, Map<String, Integer>> alone = Map.of("a", Map.of("BM", 64), "far", Map.of("BM", 256));
    assertEquals("a", CoordinateDescent.best(alone, "a", (candidate, against) -> Duel.failed(candidate, against, "asked")));
  }

  @Test
  void neighboursAreAStepAwayInOneOrTwoCoordinates() {
    Map<String, Integer> point = Map.of("BM", 64, "BN", 64, "BK", 64);
    assertTrue(CoordinateDescent.areNeighbours(point, Map.of("BM", 128, "BN", 64, "BK", 64)));
    assertTrue(CoordinateDescent.areNeighbours(point, Map.of("BM", 128, "BN", 32, "BK", 64)));
    assertFalse(CoordinateDescent.areNeighbours(point, point));
    assertFalse(CoordinateDescent.areNeighbours(point, Map.of("BM", 256, "BN", 64, "BK", 64)));
    assertFalse(CoordinateDescent.areNeighbours(point, Map.of("BM", 128, "BN", 32, "BK", 32)));
  }

  @Test
  void aGainWithinTheSpreadIsNone() {
    assertFalse(new Duel("a", "b", 9.9, 10, 0.02, null).isWon());
    assertTrue(new Duel("a", "b", 9.7, 10, 0.02, null).isWon());
    assertFalse(Duel.failed("a", "b", "wrong").isWon());
  }
}
