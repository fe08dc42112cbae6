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
  /// 32 elements of 256 threads: more blocks fit into a unit beside each other, and while some wait others load (softmax
  /// of rows of 65536 bf16 on one H200: 0.77 of the copy with 8 blocks of 256 threads, 0.70 with 4 of 512, 0.61 with 4 of
  /// 256, 0.50 with 2 of 512).
  private static final long ELEMENTS_OF_A_BLOCK = 8192;

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
