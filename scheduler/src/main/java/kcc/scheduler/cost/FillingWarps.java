// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import java.util.List;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.RegisterFile;

/// Warps whose threads write factors of products into slots: how many there are beside the warps that multiply, and what
/// registers they get.
///
/// @param warps     that fill slots; 0 where registers do not suffice
/// @param registers of each of their threads
public record FillingWarps(int warps, int registers) {
  /// Of a thread that multiplies, besides its sums: addresses, descriptors, and results on their way out.
  private static final int MULTIPLYING_REGISTERS = 56;
  /// Of a thread that fills slots, besides what it has in flight: addresses, bounds, conditions.
  private static final int OTHER_REGISTERS = 40;
  /// Numbers of warps, best first: all of them wait for memory at the same time.
  private static final List<Integer> NUMBERS = List.of(8, 4);
  /// What a matrix instruction needs besides its sums in the share of registers that every thread begins with, whatever it
  /// gets later (ptxas 13.0, C7602: 154 for 128 sums).
  private static final int INSTRUCTION_REGISTERS = 26;
  /// Of a thread of the warp group that copies.
  public static final int COPYING_REGISTERS = 24;
  private static final int WARPS_OF_GROUP = 4;

  /// @param bytes      of the factors that threads write in one step
  /// @param sums       registers that each multiplying thread has for sums
  /// @param warpGroups that multiply
  /// @param copies     whether another warp group copies
  public static FillingWarps of(long bytes, long sums, int warpGroups, boolean copies, Isa isa) {
    RegisterFile file = isa.registers();
    int multiplying = warpGroups * WARPS_OF_GROUP * isa.warpSize();
    int copying = copies ? WARPS_OF_GROUP * isa.warpSize() : 0;
    for (int warps : NUMBERS) {
      int filling = warps * isa.warpSize();
      int threads = filling + multiplying + copying;
      int each = file.allocated(Math.toIntExact(2 * bytes / Integer.BYTES / filling) + OTHER_REGISTERS);
      long needed = (long) each * filling + (sums + MULTIPLYING_REGISTERS) * multiplying + (long) COPYING_REGISTERS * copying;
      if (threads <= isa.limits().threadsPerBlock() && each <= file.maxPerThread()
          && needed <= (long) file.perThread(threads) * threads && sums + INSTRUCTION_REGISTERS <= file.perThread(threads)) {
        // What the threads that multiply cannot use is of use here: rows that are gathered need more for addresses.
        long spare = (long) file.perThread(threads) * threads - (long) file.maxPerThread() * multiplying
            - (long) COPYING_REGISTERS * copying;
        long most = Math.min(file.maxPerThread(), spare / filling) / file.granularity() * file.granularity();
        return new FillingWarps(warps, Math.toIntExact(Math.max(each, most)));
      }
    }
    return new FillingWarps(0, 0);
  }
}
