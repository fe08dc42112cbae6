// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import java.util.List;

/// The memory that the threads of a block share (LDS in AMD's words).
///
/// @param staticBytesPerBlock   most that a kernel can declare without asking for more at launch
/// @param maxBytesPerBlock      most that a block can have
/// @param bytesPerUnit          what all resident blocks of a unit share
/// @param reservedBytesPerBlock what the system takes for itself in each block; 0 means that it is known to take nothing
/// @param bytesPerClock         peak of one unit, or null when not known
/// @param phases                access sizes whose phases are known and are not groups of neighbouring lanes
public record SharedMemory(int staticBytesPerBlock, int maxBytesPerBlock, int bytesPerUnit, int reservedBytesPerBlock,
    int banks, int bankBytes, Integer bytesPerClock, List<AccessPhases> phases) {

  public SharedMemory {
    phases = List.copyOf(phases);
    Facts.positive("banks", banks);
    Facts.positive("bytes of a bank", bankBytes);
    Facts.positive("static shared memory", staticBytesPerBlock);
    Facts.positiveIfKnown("shared memory bytes per clock", bytesPerClock);
    Facts.atMost("static shared memory of a block", staticBytesPerBlock, "the most of a block", maxBytesPerBlock);
    Facts.atMost("shared memory of a block with what is reserved", maxBytesPerBlock + reservedBytesPerBlock,
        "the shared memory of a unit", bytesPerUnit);
    if (bytesPerClock != null && bytesPerClock > banks * bankBytes) {
      throw new IllegalArgumentException(bytesPerClock + " B/clk is more than " + banks + " banks of " + bankBytes + " B give");
    }
  }

  /// The phases of an access by `lanes` lanes of `accessBytes` each.
  public AccessPhases phases(AccessPhases.Direction direction, int accessBytes, int lanes) {
    for (AccessPhases known : phases) {
      if (known.direction() == direction && known.accessBytes() == accessBytes && known.lanes() == lanes) {
        return known;
      }
    }
    int perPhase = bytesPerClock == null ? banks * bankBytes : Math.min(bytesPerClock, banks * bankBytes);
    return AccessPhases.consecutive(direction, accessBytes, lanes, perPhase);
  }
}
