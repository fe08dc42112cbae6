// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.bench;

import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import kcc.launcher.Device;
import kcc.launcher.Device.DeviceMemory;
import kcc.launcher.Device.PreparedLaunch;
import kcc.launcher.ElementType;

/**
 * Whether a kernel writes all of an array it only writes, looked at before it is timed: one that leaves something out
 * is fast and wrong. The array is filled with one poison, then with another; an element that has both in turn was not
 * written, whatever values are right. How right the values are is what {@code kcc verify} finds out.
 *
 * @param unwritten elements among those looked at
 * @param notFinite infinities and NaN among those looked at
 */
record OutputCheck(long elements, long unwritten, long notFinite) {
  static final byte POISON = (byte) 0xff;
  private static final byte SECOND_POISON = 0x5a;

  /** Of large arrays this many parts of this many bytes are looked at, the first and the last among them. */
  private static final int PARTS = 16;

  private static final int PART_BYTES = 1 << 20;

  /**
   * @param memory what begins with the array
   * @param bytes of the array
   * @param launch writes it
   */
  static OutputCheck of(Device device, DeviceMemory memory, long bytes, ElementType type, PreparedLaunch launch) {
    List<ByteBuffer> first = written(device, memory, bytes, launch, POISON);
    List<ByteBuffer> second = written(device, memory, bytes, launch, SECOND_POISON);
    long elements = 0;
    long unwritten = 0;
    long notFinite = 0;
    int size = type.bytes();
    for (int part = 0; part < first.size(); part++) {
      ByteBuffer one = first.get(part);
      ByteBuffer other = second.get(part);
      for (int offset = 0; offset + size <= one.capacity(); offset += size) {
        elements++;
        if (is(one, offset, size, POISON) && is(other, offset, size, SECOND_POISON)) {
          unwritten++;
        } else if (type.isFloat() && !Double.isFinite(type.read(one, offset))) {
          notFinite++;
        }
      }
    }
    return new OutputCheck(elements, unwritten, notFinite);
  }

  private static List<ByteBuffer> written(
      Device device, DeviceMemory memory, long bytes, PreparedLaunch launch, byte poison) {
    device.fill(memory, poison);
    launch.start();
    device.synchronize();
    return parts(device, memory, bytes);
  }

  /** What is looked at of an array, or of one that begins with it. */
  static List<ByteBuffer> parts(Device device, DeviceMemory memory, long bytes) {
    List<ByteBuffer> parts = new ArrayList<>();
    if (bytes <= (long) PARTS * PART_BYTES) {
      parts.add(read(device, memory, 0, (int) bytes));
      return parts;
    }
    long last = (bytes - PART_BYTES) / Long.BYTES * Long.BYTES;
    for (int part = 0; part < PARTS - 1; part++) {
      // Parts begin at multiples of the largest element.
      long start = last / (PARTS - 1) * part / Long.BYTES * Long.BYTES;
      parts.add(read(device, memory, start, PART_BYTES));
    }
    parts.add(read(device, memory, last, (int) (bytes - last)));
    return parts;
  }

  private static ByteBuffer read(Device device, DeviceMemory memory, long offset, int bytes) {
    ByteBuffer part = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes > 0) {
      device.copyToHost(part.duplicate(), memory, offset);
    }
    return part;
  }

  private static boolean is(ByteBuffer buffer, int offset, int size, byte poison) {
    for (int i = 0; i < size; i++) {
      if (buffer.get(offset + i) != poison) {
        return false;
      }
    }
    return true;
  }

  JsonObject toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("elements", elements);
    json.addProperty("unwritten", unwritten);
    json.addProperty("notFinite", notFinite);
    return json;
  }
}
