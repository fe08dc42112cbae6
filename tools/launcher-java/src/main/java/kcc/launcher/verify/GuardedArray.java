// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.nio.ByteBuffer;
import java.util.List;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;

/** An array on the device between two zones that no kernel may write. */
final class GuardedArray implements AutoCloseable {
  /** More than a tile's row is off by when an index is off by one, and little to copy. */
  static final int GUARD_BYTES = 8192;

  private static final int ALIGNMENT = 256;
  private static final int PIECE = 1 << 26;

  private final Device device;
  private final DeviceMemory memory;
  private final long start;
  private final HostArray content;
  private final byte guard;

  private GuardedArray(Device device, DeviceMemory memory, long start, HostArray content, byte guard) {
    this.device = device;
    this.memory = memory;
    this.start = start;
    this.content = content;
    this.guard = guard;
  }

  /**
   * Copies an array to the device.
   *
   * @param shift bytes behind an address that is aligned to 256
   * @param guard what the zones are filled with
   */
  static GuardedArray place(Device device, HostArray content, long shift, byte guard) {
    DeviceMemory memory = device.allocate(2L * GUARD_BYTES + 2 * ALIGNMENT + content.byteCount());
    try {
      device.fill(memory, guard);
      long aligned = -Math.floorDiv(-(memory.address() + GUARD_BYTES), ALIGNMENT) * ALIGNMENT;
      long start = aligned + shift - memory.address();
      long offset = start;
      for (ByteBuffer chunk : content.chunks()) {
        device.copyToDevice(memory, offset, chunk);
        offset += chunk.capacity();
      }
      return new GuardedArray(device, memory, start, content, guard);
    } catch (RuntimeException failure) {
      memory.close();
      throw failure;
    }
  }

  long address() {
    return memory.address() + start;
  }

  /** What the array holds now. */
  HostArray download() {
    HostArray array = HostArray.zeros(content.type(), content.shape());
    long offset = start;
    for (ByteBuffer chunk : array.chunks()) {
      device.copyToHost(chunk, memory, offset);
      offset += chunk.capacity();
    }
    return array;
  }

  /** The first damage to the zones in words, or null. */
  String damage() {
    long behind = start + content.byteCount();
    long before = firstChange(0, start);
    if (before >= 0) {
      return "byte %d before the array was written".formatted(start - before);
    }
    long after = firstChange(behind, memory.bytes());
    return after < 0 ? null : "byte %d behind the array was written".formatted(after - behind);
  }

  private long firstChange(long from, long to) {
    for (long offset = from; offset < to; offset += PIECE) {
      int bytes = (int) Math.min(PIECE, to - offset);
      ByteBuffer piece = HostArray.zeros(ElementType.U8, List.of((long) bytes)).chunks().get(0);
      device.copyToHost(piece, memory, offset);
      for (int i = 0; i < bytes; i++) {
        if (piece.get(i) != guard) {
          return offset + i;
        }
      }
    }
    return -1;
  }

  /** The row-major index of the first element whose bits are not those copied to the device, or -1. */
  long firstChangedElement() {
    return Bits.firstDifference(download(), content);
  }

  @Override
  public void close() {
    memory.close();
  }
}
