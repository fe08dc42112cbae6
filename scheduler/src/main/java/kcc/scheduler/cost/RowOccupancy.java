// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.cost;

import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.Occupancy;

/// How many blocks that wait at barriers fit on a unit at a time, and whether they keep memory busy.
///
/// While some blocks wait, others must load: one block with 64 KB reaches 0.84 of a copy's bandwidth at best, two of them
/// 0.97, five with 8 KB each 0.95 (one H200, rows of bf16).
///
/// @param threads     of a block
/// @param bytesLoaded by one thread before it first waits
public record RowOccupancy(Machine machine, int threads, int bytesLoaded) {
  private static final int BYTES_IN_FLIGHT = 40 * 1024;
  private static final int LEAST_BLOCKS = 2;
  /// Registers of a thread beside the data that waits, as ptxas uses them for rows of bf16: when it may choose, and when it
  /// has to do with few.
  private static final int OTHER_REGISTERS = 14;
  private static final int LEAST_OTHER_REGISTERS = 10;
  private static final int OTHER_REGISTERS_OF_SHIFTED = 8;
  private static final int REGISTERS_OF_SHIFTED = 12;
  private static final int LEAST_BLOCKS_OF_SHIFTED = 5;
  /// With this many registers beside rows of bf16 ptxas computes a softmax without spilling, with three times as many it scales
  /// columns.
  private static final int REGISTERS_BESIDE_SHORT_ROWS = 16;

  /// Blocks at a time when the compiler chooses.
  ///
  /// @param words registers of a thread that hold data at the barrier
  public int usual(int words) {
    return blocks(words + OTHER_REGISTERS);
  }

  /// The most blocks worth asking for.
  public int most(int words) {
    return blocks(words + LEAST_OTHER_REGISTERS);
  }

  /// Blocks at a time where each thread holds whole pieces of short rows; each issuer has the registers of as many warps as
  /// the others.
  ///
  /// @param takesMore whether what belongs to the columns is taken from shared memory besides
  public static int shortRows(int words, boolean takesMore, int threads, Machine machine) {
    int warps = threads / machine.warpSize();
    int registers = words + (takesMore ? 3 : 1) * REGISTERS_BESIDE_SHORT_ROWS;
    int resident = new RowOccupancy(machine, threads, 0).blocks(registers) * warps;
    return (resident - resident % machine.isa().rates().issuers()) / warps;
  }

  /// Blocks at a time where whole vectors of some arrays are put together in branches behind the reduction: what belongs to
  /// columns, for rows that begin anywhere. ptxas then uses about 20 registers beside the data with one array and 32 with two.
  public int withShifted(int words, int arrays) {
    return blocks(words + OTHER_REGISTERS_OF_SHIFTED + REGISTERS_OF_SHIFTED * arrays);
  }

  /// Whether so many blocks of that kind hide each other's waiting. Registers come in steps, so that of large blocks either four
  /// or five fit; on one H200, rows of bf16 held as f32 and packed: RMS norm of 4124 and 6517 columns 0.80 and 0.94, 0.87 and
  /// 0.98 of a copy; layer norm of 6517 and 10303 columns 0.72 and 0.69, 0.76 and 0.88.
  public boolean suffice(int blocks) {
    return blocks >= LEAST_BLOCKS_OF_SHIFTED;
  }

  public boolean suffices(int words) {
    return usual(words) >= LEAST_BLOCKS && (long) usual(words) * threads * bytesLoaded >= BYTES_IN_FLIGHT;
  }

  /// The most registers of a thread with which so many blocks run at a time.
  public static int registers(Machine machine, int threads, int blocks) {
    int registers = machine.isa().registers().perThread(threads);
    while (registers > LEAST_OTHER_REGISTERS && Occupancy.of(machine.isa(), threads, registers, 0).blocksPerUnit() < blocks) {
      registers--;
    }
    return registers;
  }

  private int blocks(int registers) {
    return registers > machine.isa().registers().perThread(threads) ? 0
        : Occupancy.of(machine.isa(), threads, registers, 0).blocksPerUnit();
  }
}
