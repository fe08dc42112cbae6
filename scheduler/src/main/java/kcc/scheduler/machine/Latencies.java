// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// Typical cycles until a result can be used; null where not known.
public record Latencies(Integer globalLoadCycles, Integer sharedLoadCycles, Integer fmaCycles) {
  public Latencies {
    Facts.positiveIfKnown("latency of a global load", globalLoadCycles);
    Facts.positiveIfKnown("latency of a shared load", sharedLoadCycles);
    Facts.positiveIfKnown("latency of a multiply-add", fmaCycles);
  }
}
