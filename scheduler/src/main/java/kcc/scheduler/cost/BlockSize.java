// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.machine.Machine;

/// How many warps a program gets.
///
/// 16 elements a thread while the program is small. When it has 256 threads it keeps them and gives each more, up to 64,
/// because a reduction over more warps costs more than longer rows in registers do (rows of bf16 on one H200:
/// 256 threads with 16 to 64 elements reach 0.98 to 1.00 of the copy's bandwidth, 512 and 1024 threads with fewer
/// elements 0.77 to 0.95).
///
/// - A program that combines elements gives each warp 1024 of them, 32 a lane: few wait at a barrier, and what every thread
///   does once is done for more (on one H200 layer norm of 1024 elements: 0.97 with one warp, 0.92 with two; of 4096: 0.97
///   with four warps, 0.89 with eight; softmax of 4096: 1.00 and 0.99). A wave of 64 lanes gets no more: with 32 elements a
///   lane the loops of an online softmax spill.
/// - A program that does not combine gives each thread about 64 bytes to read: less leaves too little in flight, more
///   costs registers and with them threads (Adam, 14 bytes read for an element: 0.99 with 4 elements a thread, 0.91 with
///   8, 0.82 with 16; SwiGLU, 4 bytes: 1.03 with 16, 0.93 with 8). But not less than one access of 16 bytes to the
///   widest elements, where many tiles are read.
/// - A program whose rows come through shared memory gives each thread 32 elements: what a thread does for the whole span
///   (addresses, the ends) is about as much as for seven elements (softmax of 33 columns on one H200: 0.49 with 32
///   elements, 0.43 with 16; of 4097: 0.82 and 0.74 with 64 and 32 elements). Of short rows it gets twice as many, up to
///   a whole row: no bank is asked for more than two elements then (63 columns: softmax 1.00 with 64 elements, 0.71 with
///   32, layer norm 0.92 and 0.68; 85 columns, which two lanes share: layer norm 0.80 and 0.67).
public final class BlockSize {
  private static final int ELEMENTS_PER_THREAD = 16;
  private static final int STAGED_ELEMENTS_PER_THREAD = 32;
  private static final int MOST_ELEMENTS_PER_THREAD = 64;
  private static final int ACCESS_BYTES = 16;
  private static final int ELEMENTS_OF_A_WARP = 1024;
  private static final int PREFERRED_THREADS = 256;
  private static final int BYTES_READ_PER_THREAD = 64;

  private BlockSize() {}

  /// What decides about the size of a block.
  ///
  /// @param elements   of the largest tile, those of one row where rows are accessed alike and share what belongs to columns
  /// @param bytesRead  by all loads, those of a loop counted once; 0 when other things than memory decide
  /// @param widestBits of an element that is read by a load of the largest size; 0 when there is none
  /// @param combines   whether elements of a tile meet, in a reduction or a scan
  /// @param staged     how tiles come through shared memory
  public record Work(long elements, long bytesRead, int widestBits, boolean combines, Staged staged) {}

  /// Rows that come through shared memory: none, long ones, short ones.
  public enum Staged { NONE, LONG, SHORT }

  /// Whether rows are so short that one access of a warp could move one: then each thread holds one, or a quarter of one.
  public static boolean areShort(long rowBytes, Machine machine) {
    return rowBytes <= (long) machine.warpSize() * ACCESS_BYTES;
  }

  /// A power of two.
  public static int warps(Work work, Machine machine) {
    long elements = work.elements();
    long threads = Math.max(
        Math.min(PREFERRED_THREADS, elements / elementsPerThread(work, machine)), elements / MOST_ELEMENTS_PER_THREAD);
    long warps = Math.min(machine.isa().limits().threadsPerBlock(), threads) / machine.warpSize();
    return Math.max(1, Math.toIntExact(Long.highestOneBit(Math.max(1, warps))));
  }

  private static long elementsPerThread(Work work, Machine machine) {
    if (work.staged() != Staged.NONE) {
      return work.staged() == Staged.SHORT ? MOST_ELEMENTS_PER_THREAD : STAGED_ELEMENTS_PER_THREAD;
    }
    if (work.combines()) {
      return ELEMENTS_OF_A_WARP / machine.warpSize();
    }
    if (work.bytesRead() == 0) {
      return ELEMENTS_PER_THREAD;
    }
    // The power of two nearest to what 64 bytes are, on a logarithmic scale.
    double elements = Math.sqrt(2) * BYTES_READ_PER_THREAD * work.elements() / work.bytesRead();
    int least = work.widestBits() == 0 ? 1 : Math.clamp(ACCESS_BYTES * Byte.SIZE / work.widestBits(), 1, ELEMENTS_PER_THREAD);
    return Long.highestOneBit(Math.clamp((long) elements, least, ELEMENTS_PER_THREAD));
  }
}
