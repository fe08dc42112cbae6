// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.mlir.ir.Operation;

/// A ring of slots with a barrier that says that a slot is filled and one that says that it is free.
final class Channel {
  private static final Pattern TYPE = Pattern.compile("!kcc\\.channel<(\\d+), \\[(.*)]>");
  private static final Pattern BUFFER = Pattern.compile("!kcc\\.buffer<[^>]*>");

  private record Slot(Barrier full, Barrier empty, List<SharedBuffer> buffers) {
    void poison() {
      buffers.forEach(SharedBuffer::poison);
    }
  }

  private final String name;
  private final List<Slot> slots = new ArrayList<>();

  Channel(Operation op, int number) {
    name = "channel " + number;
    Matcher type = TYPE.matcher(op.result().type().toString());
    if (!type.matches()) {
      throw new UnsupportedOperationException("a channel " + op.result().type());
    }
    for (int slot = 0; slot < Integer.parseInt(type.group(1)); slot++) {
      List<SharedBuffer> buffers = new ArrayList<>();
      Matcher each = BUFFER.matcher(type.group(2));
      while (each.find()) {
        buffers.add(SharedBuffer.of(each.group()));
      }
      slots.add(new Slot(new Barrier(op.attribute("producers").asInt()), new Barrier(op.attribute("consumers").asInt()), buffers));
    }
  }

  private Slot slot(int position) {
    return slots.get(Integer.remainderUnsigned(position, slots.size()));
  }

  private long phase(int position) {
    return Integer.divideUnsigned(position, slots.size());
  }

  /// A free slot's buffers, or null while there is none. What the slot held is lost from here on.
  List<SharedBuffer> acquire(int position) {
    Slot slot = slot(position);
    if (!slot.empty.hasEnded(phase(position) - 1)) {
      return null;
    }
    slot.poison();
    return slot.buffers;
  }

  /// @param isCopied whether bytes are announced with each arrival
  void put(int position, int arrivals, boolean isCopied) {
    Slot slot = slot(position);
    for (int i = 0; i < arrivals; i++) {
      slot.full.arrive(isCopied ? slot.buffers.stream().mapToLong(SharedBuffer::bytes).sum() : 0);
    }
  }

  void land(int position, long bytes) {
    slot(position).full.land(bytes);
  }

  /// A filled slot's buffers, or null while there is none.
  List<SharedBuffer> get(int position) {
    Slot slot = slot(position);
    return slot.full.hasEnded(phase(position)) ? slot.buffers : null;
  }

  void release(int position, int arrivals) {
    Slot slot = slot(position);
    for (int i = 0; i < arrivals; i++) {
      if (slot.empty.arrive(0)) {
        slot.poison();
      }
    }
  }

  /// What who waits there waits for.
  String describe(int position, boolean isFilled) {
    Slot slot = slot(position);
    return "position %s of %s, slot %d, to be %s: %s".formatted(Integer.toUnsignedString(position), name, slots.indexOf(slot),
        isFilled ? "filled" : "free", isFilled ? slot.full : slot.empty);
  }
}
