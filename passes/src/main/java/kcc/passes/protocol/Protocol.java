// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The synchronization of one program.
///
/// Barriers and buffers are rings: position `p` of a ring of depth `d` is slot `p mod d`. For a buffer the position is also
/// the name of the content: who reads position 7 wants what was written as position 7, not what lay in that slot before.
///
/// @param sizes what trip counts depend on that only the launch knows
public record Protocol(String name, List<Size> sizes, List<Barrier> barriers, List<Buffer> buffers, List<Agent> agents) {
  public Protocol {
    sizes = List.copyOf(sizes);
    barriers = List.copyOf(barriers);
    buffers = List.copyOf(buffers);
    agents = List.copyOf(agents);
  }

  public Protocol(String name, List<Barrier> barriers, List<Buffer> buffers, List<Agent> agents) {
    this(name, List.of(), barriers, buffers, agents);
  }

  /// The same program for other sizes.
  public Protocol with(Map<String, Integer> values) {
    List<Size> others = new ArrayList<>();
    for (Size size : sizes) {
      others.add(new Size(size.name(), values.getOrDefault(size.name(), size.value()), size.least()));
    }
    return new Protocol(name, others, barriers, buffers, agents);
  }

  int number(Step.Trips trips) {
    if (trips.size() == null) {
      return trips.more();
    }
    for (Size size : sizes) {
      if (size.name().equals(trips.size())) {
        return Math.floorDiv(size.value() + trips.more(), trips.divisor());
      }
    }
    throw new IllegalArgumentException("no size " + trips.size());
  }

  /// The depth of the deepest ring.
  int deepest() {
    int deepest = 1;
    for (Barrier barrier : barriers) {
      deepest = Math.max(deepest, barrier.depth());
    }
    for (Buffer buffer : buffers) {
      deepest = Math.max(deepest, buffer.depth());
    }
    return deepest;
  }

  /// A number of iterations that may be anything from `least` on.
  ///
  /// @param value the one that the model check takes
  public record Size(String name, int value, int least) {}

  /// A ring of barriers with phases (PTX ISA, section "mbarrier"): a phase is over when as many have arrived as are expected
  /// and all announced bytes have landed. Waiting sees the parity of the phase only.
  ///
  /// @param space that it lies in, or null where that is there all the time
  public record Barrier(String name, String space, int depth, int arrivals) {
    public Barrier(String name, int depth, int arrivals) {
      this(name, null, depth, arrivals);
    }
  }

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
  ///
  /// @param holds the space that is there only from the first step to the last of those who hold it, as the shared memory of
  ///              a block of a cluster is; or null
  public record Agent(String name, String holds, List<Step> steps) {
    public Agent {
      steps = List.copyOf(steps);
    }

    public Agent(String name, List<Step> steps) {
      this(name, null, steps);
    }

    Agent with(List<Step> others) {
      return new Agent(name, holds, others);
    }
  }
}
