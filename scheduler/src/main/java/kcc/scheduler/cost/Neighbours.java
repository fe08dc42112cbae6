// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Points of a lattice of powers of two, and those a step away: one coordinate or two at once are doubled or halved. Two,
/// because what one tile gains in rows it often has to give up in columns.
final class Neighbours {
  static final int LEAST = 1;
  static final int MOST = 8192;

  private Neighbours() {}

  /// In the order of the coordinates: the first of equally good ones is the same on every machine.
  static List<Map<String, Integer>> of(Map<String, Integer> point) {
    List<String> names = List.copyOf(point.keySet());
    List<Map<String, Integer>> neighbours = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      for (int j = i; j < names.size(); j++) {
        for (int direction = 0; direction < (i == j ? 2 : 4); direction++) {
          Map<String, Integer> neighbour = new LinkedHashMap<>(point);
          scale(neighbour, names.get(i), (direction & 1) == 0);
          if (i != j) {
            scale(neighbour, names.get(j), (direction & 2) == 0);
          }
          if (neighbour.values().stream().allMatch(value -> value >= LEAST && value <= MOST)) {
            neighbours.add(neighbour);
          }
        }
      }
    }
    return neighbours;
  }

  private static void scale(Map<String, Integer> values, String name, boolean up) {
    values.merge(name, 2, (value, two) -> up ? value * two : value / two);
  }
}
