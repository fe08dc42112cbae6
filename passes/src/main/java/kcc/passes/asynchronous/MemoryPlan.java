// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.passes.channel.ChannelType;

/// Where the channels of a kernel and the scratch of its groups lie in shared memory.
///
/// Rings come first, because they and some scratch ask for a wide alignment, then the groups' scratch, then the rings'
/// barriers. Where all of it does not fit, the ring with the most slots gives one up, until every ring has as few as it needs.
///
/// @param channels one type for each `kcc.channel`, with the slots it is left with
/// @param offsets  first byte of each ring
/// @param barriers first byte of each ring's barriers
/// @param scratch  first byte of each group's scratch
/// @param bytes    of everything
record MemoryPlan(List<ChannelType> channels, List<Long> offsets, List<Long> barriers, List<Long> scratch, long bytes) {
  private static final int FEWEST_SLOTS = 2;
  /// The widest that scratch asks for: boxes of the copy engine begin where the pattern of their swizzle does.
  static final int SCRATCH_ALIGNMENT = ChannelType.BUFFER_ALIGNMENT;
  private static final int BARRIER_ALIGNMENT = 16;

  MemoryPlan {
    channels = List.copyOf(channels);
    offsets = List.copyOf(offsets);
    barriers = List.copyOf(barriers);
    scratch = List.copyOf(scratch);
  }

  /// @param wanted  rings with as many slots as they were planned with
  /// @param scratch bytes of each group
  /// @param limit   bytes that a block can have; a plan may still need more when rings cannot shrink any further
  static MemoryPlan of(List<ChannelType> wanted, List<Long> scratch, long limit) {
    List<ChannelType> channels = new ArrayList<>(wanted);
    MemoryPlan plan = lay(channels, scratch);
    while (plan.bytes > limit) {
      int deepest = -1;
      for (int i = 0; i < channels.size(); i++) {
        if (channels.get(i).depth() > FEWEST_SLOTS
            && (deepest < 0 || channels.get(i).depth() > channels.get(deepest).depth())) {
          deepest = i;
        }
      }
      if (deepest < 0) {
        return plan;
      }
      channels.set(deepest, channels.get(deepest).withDepth(channels.get(deepest).depth() - 1));
      plan = lay(channels, scratch);
    }
    return plan;
  }

  private static MemoryPlan lay(List<ChannelType> channels, List<Long> scratch) {
    List<Long> offsets = new ArrayList<>();
    long end = 0;
    for (ChannelType channel : channels) {
      offsets.add(end);
      end += channel.depth() * channel.slotBytes();
    }
    List<Long> scratchOffsets = new ArrayList<>();
    for (long bytes : scratch) {
      long offset = aligned(end, SCRATCH_ALIGNMENT);
      scratchOffsets.add(offset);
      end = bytes == 0 ? end : offset + bytes;
    }
    end = aligned(end, BARRIER_ALIGNMENT);
    List<Long> barriers = new ArrayList<>();
    for (ChannelType channel : channels) {
      barriers.add(end);
      end += (long) channel.depth() * ChannelType.BARRIER_BYTES_PER_SLOT;
    }
    return new MemoryPlan(channels, offsets, barriers, scratchOffsets, end);
  }

  private static long aligned(long offset, int alignment) {
    return Math.ceilDiv(offset, alignment) * alignment;
  }

  /// Writes the plan on the kernel's channels.
  void write(List<Operation> operations) {
    for (int i = 0; i < operations.size(); i++) {
      Operation channel = operations.get(i);
      channel.result().setType(channels.get(i).type(channel.context()));
      channel.setAttribute("kcc.shared_offset", Attributes.i64(channel.context(), offsets.get(i)));
      channel.setAttribute("kcc.barriers_offset", Attributes.i64(channel.context(), barriers.get(i)));
    }
  }
}
