// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.machine.Machine;

/// How many warps a program gets.
///
/// 16 elements a thread while the program is small. From 4096 elements on it keeps 256 threads and gives each more, up
/// to 64, because a reduction over more warps costs more than longer rows in registers do (rows of bf16 on one H200:
/// 256 threads with 16 to 64 elements reach 0.98 to 1.00 of the copy's bandwidth, 512 and 1024 threads with fewer
/// elements 0.77 to 0.95).
public final class BlockSize {
  private static final int ELEMENTS_PER_THREAD = 16;
  private static final int MOST_ELEMENTS_PER_THREAD = 64;
  private static final int PREFERRED_THREADS = 256;

  private BlockSize() {}

  /// A power of two.
  ///
  /// @param elements of the largest tile
  public static int warps(long elements, Machine machine) {
    long threads =
        Math.max(Math.min(PREFERRED_THREADS, elements / ELEMENTS_PER_THREAD), elements / MOST_ELEMENTS_PER_THREAD);
    long warps = Math.min(machine.isa().limits().threadsPerBlock(), threads) / machine.warpSize();
    return Math.max(1, Math.toIntExact(Long.highestOneBit(Math.max(1, warps))));
  }
}
