// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// @param portableBlocks blocks of a cluster that every chip of the ISA can launch
/// @param maxBlocks      blocks that a kernel can ask for when it gives up on that
public record ClusterLimits(int portableBlocks, int maxBlocks) {
  public ClusterLimits {
    Facts.positive("blocks of a cluster", portableBlocks);
    Facts.atMost("portable blocks of a cluster", portableBlocks, "the most blocks of a cluster", maxBlocks);
  }
}
