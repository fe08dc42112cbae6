// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.List;

/// The synchronization of one program.
///
/// Barriers and buffers are rings: position `p` of a ring of depth `d` is slot `p mod d`. For a buffer the position is also
/// the name of the content: who reads position 7 wants what was written as position 7, not what lay in that slot before.
public record Protocol(String name, List<Barrier> barriers, List<Buffer> buffers, List<Agent> agents) {
  public Protocol {
    barriers = List.copyOf(barriers);
    buffers = List.copyOf(buffers);
    agents = List.copyOf(agents);
  }

  /// A ring of barriers with phases (PTX ISA, section "mbarrier"): a phase is over when as many have arrived as are expected
  /// and all announced bytes have landed. Waiting sees the parity of the phase only.
  public record Barrier(String name, int depth, int arrivals) {}

  /// A ring of slots in a memory.
  ///
  /// @param space    buffers of different spaces do not overlap
  /// @param offset   of the first slot
  /// @param slotSize bytes, or what the space counts in
  public record Buffer(String name, String space, int depth, long offset, long slotSize) {
    boolean overlaps(int slot, Buffer other, int otherSlot) {
      long begin = offset + slot * slotSize;
      long otherBegin = other.offset + otherSlot * other.slotSize;
      return space.equals(other.space) && begin < otherBegin + other.slotSize && otherBegin < begin + slotSize;
    }
  }

  /// Threads that take every step together.
  public record Agent(String name, List<Step> steps) {
    public Agent {
      steps = List.copyOf(steps);
    }
  }
}
