// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.Occupancy;

/// Whether a block keeps its rows in registers while it waits at a reduction, or reads them once more.
///
/// A second read of what the block has just read comes from a cache, but everything is computed twice. So it pays where
/// registers would spill, and in clusters, whose blocks wait for the slowest of them, where otherwise too few blocks are on a
/// unit to load meanwhile. With room for four blocks of 256 threads either way, softmax of 131072 bf16 over 8 blocks reached
/// 0.77 of the copy on one H200 kept and 0.65 read again, RMS norm 0.82 and 0.86; with room for one or two, layer norm 0.50.
public final class RowRegisters {
  /// Registers of a thread for addresses, masks and what is computed.
  private static final int OTHER_REGISTERS = 40;
  /// The same where elements wait packed and are widened one vector after the other.
  private static final int LEAST_OTHER_REGISTERS = 30;
  private static final int BLOCKS_OF_CLUSTERS = 4;

  private RowRegisters() {}

  /// @param registers     of a thread for all that lives across the reduction
  /// @param least         the same if only what was loaded is kept and all else computed from it again
  /// @param threads       of a block
  /// @param clusterBlocks blocks that run a program together
  public static boolean canBeKept(int registers, int least, int threads, int clusterBlocks, Machine machine) {
    if (clusterBlocks == 1) {
      return OTHER_REGISTERS + registers <= machine.isa().registers().perThread(threads);
    }
    return Occupancy.of(machine.isa(), threads, LEAST_OTHER_REGISTERS + Math.min(registers, least), 0).blocksPerUnit()
        >= BLOCKS_OF_CLUSTERS;
  }

  /// How many blocks of clusters the compiler should leave room for on a unit: as many as hide each other's waiting, and no
  /// more than threads allow.
  public static int blocksOfClusters(int threads, Machine machine) {
    return Math.min(BLOCKS_OF_CLUSTERS, Occupancy.of(machine.isa(), threads, OTHER_REGISTERS, 0).blocksPerUnit());
  }
}
