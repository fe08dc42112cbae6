// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// The 32-bit vector registers. A warp's allocation is `lanes x registers per thread`, rounded up.
///
/// @param perUnit      registers of one unit (SM, CU), counted for each lane
/// @param maxPerThread most that one thread can have
/// @param perBlock     most that the threads of a block can have together
/// @param granularity  registers per thread are rounded up to a multiple of this
public record RegisterFile(int perUnit, int maxPerThread, int perBlock, int granularity) {
  public RegisterFile {
    Facts.positive("registers per unit", perUnit);
    Facts.positive("registers per thread", maxPerThread);
    Facts.positive("allocation granularity", granularity);
    Facts.atMost("registers of a block", perBlock, "registers of a unit", perUnit);
    Facts.atMost("registers of a thread", maxPerThread, "registers of a block", perBlock);
  }

  public int allocated(int registersPerThread) {
    return Math.ceilDiv(registersPerThread, granularity) * granularity;
  }

  /// The most registers each of `threads` threads of one block can have.
  public int perThread(int threads) {
    return Math.min(maxPerThread, perBlock / threads / granularity * granularity);
  }
}
