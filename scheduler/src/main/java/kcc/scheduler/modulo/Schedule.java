// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// An answer to a [Problem].
///
/// @param interval   cycles from one iteration to the next
/// @param placements one for each node, in the problem's order
/// @param depths     slots of each value that lies in memory
public record Schedule(int interval, List<Placement> placements, Map<String, Integer> depths) {
  /// @param start cycles from the begin of the iteration; the stage is `start / interval`
  public record Placement(int start, String group) {}

  public Schedule {
    placements = List.copyOf(placements);
    depths = new TreeMap<>(depths);
  }

  public int stage(int node) {
    return placements.get(node).start() / interval;
  }

  /// The place in the steady state, `start` modulo the interval.
  public int cycle(int node) {
    return placements.get(node).start() % interval;
  }

  public int stages() {
    int last = 0;
    for (int i = 0; i < placements.size(); i++) {
      last = Math.max(last, stage(i));
    }
    return last + 1;
  }
}
