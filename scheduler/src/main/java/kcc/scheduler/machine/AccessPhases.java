// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Which lanes of a warp reach shared memory in the same cycle when each accesses `accessBytes`: bank conflicts arise
/// only inside one phase.
///
/// @param phases lanes of each phase; together every lane of the warp once
public record AccessPhases(Direction direction, int accessBytes, List<List<Integer>> phases) {
  public enum Direction { READ, WRITE }

  public AccessPhases {
    phases = phases.stream().map(List::copyOf).toList();
    BitSet seen = new BitSet();
    int lanes = 0;
    for (List<Integer> phase : phases) {
      lanes += phase.size();
      phase.forEach(seen::set);
    }
    if (seen.cardinality() != lanes || seen.length() != lanes) {
      throw new IllegalArgumentException("the phases " + phases + " do not hold each of " + lanes + " lanes once");
    }
  }

  /// Neighbouring lanes together, as many as fill all banks once.
  public static AccessPhases consecutive(Direction direction, int accessBytes, int lanes, int bytesPerPhase) {
    int size = Math.clamp(bytesPerPhase / accessBytes, 1, lanes);
    List<List<Integer>> phases = new ArrayList<>();
    for (int first = 0; first < lanes; first += size) {
      List<Integer> phase = new ArrayList<>();
      for (int lane = first; lane < Math.min(first + size, lanes); lane++) {
        phase.add(lane);
      }
      phases.add(phase);
    }
    return new AccessPhases(direction, accessBytes, phases);
  }

  int lanes() {
    return phases.stream().mapToInt(List::size).sum();
  }
}
