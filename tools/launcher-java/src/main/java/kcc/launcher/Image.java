// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * One device image of a fat binary: machine code of one kernel for one chip.
 *
 * @param strings all key-value pairs stored with it
 * @param bytes the machine code, a read-only view
 */
public record Image(Map<String, String> strings, ByteBuffer bytes, Manifest manifest) {
  public Image {
    strings = Map.copyOf(strings);
  }

  public String triple() {
    return strings.getOrDefault("triple", "");
  }

  public String arch() {
    return strings.getOrDefault("arch", "");
  }

  /** What this image takes for granted of its arguments, in a word; empty when nothing. */
  public String variant() {
    return strings.getOrDefault("variant", "");
  }

  /** Whether it computes in f64 on the host whatever the kernel says: other images are compared with it. */
  public boolean isReference() {
    return target().equals("reference");
  }

  /** Whether results gather many numbers, so that rounding errors grow with the sizes; only references say so. */
  public boolean accumulates() {
    return strings.containsKey("accumulates");
  }

  public String kernel() {
    return manifest.kernel();
  }

  public String target() {
    return manifest.target();
  }

  public byte[] copyBytes() {
    byte[] copy = new byte[bytes.remaining()];
    bytes.duplicate().get(copy);
    return copy;
  }
}
