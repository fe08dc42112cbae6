// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Type;

/// `!kcc.channel<4, [!kcc.buffer<...>, ...]>`: a ring of slots of buffers.
///
/// @param depth number of slots
public record ChannelType(int depth, List<BufferType> buffers) {
  /// Where a buffer may begin: swizzles repeat after 8 lines of 128 bytes (PTX ISA, section Swizzling Modes).
  public static final int BUFFER_ALIGNMENT = 1024;
  /// Two barriers of 8 bytes: one says that a slot is filled, one that it is free.
  public static final int BARRIER_BYTES_PER_SLOT = 16;

  private static final Pattern TEXT = Pattern.compile("!kcc\\.channel<(\\d+), \\[(.*)]>");
  private static final Pattern BUFFER = Pattern.compile("!kcc\\.buffer<[^>]*>");

  public ChannelType {
    buffers = List.copyOf(buffers);
  }

  /// @throws IllegalArgumentException for any other type
  public static ChannelType of(Type type) {
    Matcher text = TEXT.matcher(type.toString());
    if (!text.matches()) {
      throw new IllegalArgumentException(type + " is no channel");
    }
    List<BufferType> buffers = new ArrayList<>();
    Matcher each = BUFFER.matcher(text.group(2));
    while (each.find()) {
      buffers.add(BufferType.of(type.context().type(each.group())));
    }
    return new ChannelType(Integer.parseInt(text.group(1)), buffers);
  }

  public Type type(MlirContext context) {
    return context.type(toString());
  }

  public ChannelType withDepth(int slots) {
    return new ChannelType(slots, buffers);
  }

  /// Bytes that arrive in a slot.
  public long tileBytes() {
    return buffers.stream().mapToLong(BufferType::bytes).sum();
  }

  /// Bytes from one slot to the next.
  public long slotBytes() {
    return buffers.stream().mapToLong(ChannelType::reserved).sum();
  }

  /// Where a buffer begins in its slot.
  public long offset(int buffer) {
    return buffers.subList(0, buffer).stream().mapToLong(ChannelType::reserved).sum();
  }

  /// Bytes of the whole ring with its barriers.
  public long bytes() {
    return depth * (slotBytes() + BARRIER_BYTES_PER_SLOT);
  }

  private static long reserved(BufferType buffer) {
    return Math.ceilDiv(buffer.bytes(), BUFFER_ALIGNMENT) * BUFFER_ALIGNMENT;
  }

  @Override
  public String toString() {
    return "!kcc.channel<" + depth + ", ["
        + buffers.stream().map(BufferType::toString).collect(Collectors.joining(", ")) + "]>";
  }
}
