// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The vector clock of every event of a program (Mattern, "Virtual Time and Global States of Distributed Systems", 1989):
/// all that has happened whenever it happens. Copies land in no order, so each event is a component of its own and a clock
/// is a set of bits.
final class Clocks {
  private final BitSet[] before;
  private int happened;

  /// @param graph without distances
  Clocks(EventGraph graph) {
    int count = graph.nodes.size();
    before = new BitSet[count];
    int[] waitsFor = new int[count];
    List<List<Integer>> next = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      before[i] = new BitSet(count);
      next.add(new ArrayList<>());
    }
    for (EventGraph.Edge edge : graph.edges) {
      next.get(edge.from()).add(edge.to());
      waitsFor[edge.to()]++;
    }
    List<Integer> ready = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (waitsFor[i] == 0) {
        ready.add(i);
      }
    }
    while (!ready.isEmpty()) {
      int node = ready.removeLast();
      happened++;
      for (int other : next.get(node)) {
        before[other].or(before[node]);
        before[other].set(node);
        if (--waitsFor[other] == 0) {
          ready.add(other);
        }
      }
    }
  }

  /// Whether everything happens, so that no event waits for itself.
  boolean areComplete() {
    return happened == before.length;
  }

  /// Whether `second` cannot happen unless `first` has; one and the same event counts.
  boolean ordered(int first, int second) {
    return first == second || before[second].get(first);
  }
}
