// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counters of the passes of a run, by flag and statistic.
public final class PassStatistics {
  private final Map<String, Map<String, Long>> counts = new LinkedHashMap<>();

  void add(String flag, String statistic, long more) {
    counts.computeIfAbsent(flag, _ -> new LinkedHashMap<>()).merge(statistic, more, Long::sum);
  }

  /// The count, 0 when nothing was counted.
  public long get(String flag, String statistic) {
    return counts.getOrDefault(flag, Map.of()).getOrDefault(statistic, 0L);
  }

  public Map<String, Map<String, Long>> all() {
    return Collections.unmodifiableMap(counts);
  }

  /// One line for each counter, as `--mlir-pass-statistics` shows them.
  public String report() {
    StringBuilder text = new StringBuilder();
    counts.forEach((flag, byName) -> {
      text.append(flag).append('\n');
      byName.forEach((name, count) -> text.append(String.format("  %8d %s%n", count, name)));
    });
    return text.toString();
  }
}
