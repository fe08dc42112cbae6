// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

/// How many blocks of a kernel a unit holds at once, and what limits it.
///
/// @param blocksPerUnit 0 when not even one block fits
public record Occupancy(int blocksPerUnit, Limit limit) {
  public enum Limit { BLOCKS, WARPS, REGISTERS, SHARED_MEMORY }

  /// @param registersPerThread as the compiler reports it
  /// @param sharedBytes        static and dynamic together
  public static Occupancy of(Isa isa, int threads, int registersPerThread, int sharedBytes) {
    int warps = Math.ceilDiv(threads, isa.warpSize());
    Occupancy best = new Occupancy(isa.limits().blocksPerUnit(), Limit.BLOCKS);
    best = best.least(isa.limits().warpsPerUnit() / warps, Limit.WARPS);
    if (registersPerThread > 0) {
      int perBlock = isa.registers().allocated(registersPerThread) * isa.warpSize() * warps;
      best = best.least(isa.registers().perUnit() / perBlock, Limit.REGISTERS);
    }
    SharedMemory shared = isa.sharedMemory();
    int sharedPerBlock = sharedBytes + shared.reservedBytesPerBlock();
    if (sharedPerBlock > 0) {
      best = best.least(shared.bytesPerUnit() / sharedPerBlock, Limit.SHARED_MEMORY);
    }
    return best;
  }

  private Occupancy least(int blocks, Limit because) {
    return blocks < blocksPerUnit ? new Occupancy(blocks, because) : this;
  }
}
