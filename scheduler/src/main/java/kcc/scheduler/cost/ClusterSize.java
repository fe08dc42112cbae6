// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.machine.Machine;

/// Over how many blocks of a cluster a program is spread whose tiles are too long for one.
///
/// Blocks of a cluster start together and wait for each other at every reduction, so one block is better as long as it
/// holds the tile.
public final class ClusterSize {
  /// The most elements that a block of 512 threads holds at 64 a thread; larger blocks lose to their barriers.
  private static final long MOST_OF_ONE_BLOCK = 32768;
  /// 64 elements of 256 threads: four such blocks are on a unit at a time, and while some wait others load (rows of 65536
  /// bf16 on one H200, RMS norm and layer norm: 0.89 and 0.82 of the copy with 4 blocks of 256 threads, 0.74 and 0.76 with
  /// 8; less with larger blocks).
  private static final long ELEMENTS_OF_A_BLOCK = 16384;

  private ClusterSize() {}

  /// A power of two; 1 where the machine has no clusters.
  ///
  /// @param elements of the largest tile
  public static int blocks(long elements, Machine machine) {
    if (machine.isa().clusters() == null || elements <= MOST_OF_ONE_BLOCK) {
      return 1;
    }
    long wanted = Long.highestOneBit(Math.ceilDiv(elements, ELEMENTS_OF_A_BLOCK));
    return Math.toIntExact(Math.min(wanted, Integer.highestOneBit(machine.isa().clusters().portableBlocks())));
  }

  /// The most elements of a tile that one block should hold.
  public static long mostOfOneBlock() {
    return MOST_OF_ONE_BLOCK;
  }
}
