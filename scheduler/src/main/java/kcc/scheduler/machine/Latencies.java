// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// Typical cycles until a result can be used; null where not known.
///
/// @param bulkCopyCycles until the bytes of a bulk copy begin to arrive
/// @param handoffCycles  from an arrival at a barrier in shared memory until another warp that waits there goes on
public record Latencies(Integer globalLoadCycles, Integer sharedLoadCycles, Integer fmaCycles, Integer bulkCopyCycles,
    Integer handoffCycles) {
  public Latencies {
    Facts.positiveIfKnown("latency of a global load", globalLoadCycles);
    Facts.positiveIfKnown("latency of a shared load", sharedLoadCycles);
    Facts.positiveIfKnown("latency of a multiply-add", fmaCycles);
    Facts.positiveIfKnown("latency of a bulk copy", bulkCopyCycles);
    Facts.positiveIfKnown("latency of a handoff", handoffCycles);
  }
}
