// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.List;

/// What a run cost and counted.
public record PipelineReport(List<StepTime> times, PassStatistics statistics) {
  /// @param runs number of operations the step ran on
  public record StepTime(String label, long nanos, int runs) {}

  public PipelineReport {
    times = List.copyOf(times);
  }

  public long totalNanos() {
    long total = 0;
    for (StepTime time : times) {
      total += time.nanos();
    }
    return total;
  }

  /// A table as `--mlir-timing` shows it.
  public String timing() {
    StringBuilder text = new StringBuilder();
    long total = Math.max(1, totalNanos());
    for (StepTime time : times) {
      text.append(String.format("%9.3f ms %5.1f %% %4d x %s%n",
          time.nanos() / 1e6, 100.0 * time.nanos() / total, time.runs(), time.label()));
    }
    return text.append(String.format("%9.3f ms 100.0 %%        total%n", totalNanos() / 1e6)).toString();
  }
}
