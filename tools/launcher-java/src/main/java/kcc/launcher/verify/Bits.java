// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.nio.ByteBuffer;
import java.util.List;
import kcc.launcher.ElementType;
import kcc.launcher.HostArray;

/** Arrays seen as patterns of bits. */
final class Bits {
  private Bits() {}

  /** The same elements as unsigned integers of their size. */
  static HostArray of(HostArray array) {
    return array.as(
        switch (array.type().bytes()) {
          case 1 -> ElementType.U8;
          case 2 -> ElementType.U16;
          case 4 -> ElementType.U32;
          default -> ElementType.U64;
        });
  }

  /** An element whose bytes all have this value. */
  static long pattern(ElementType type, byte value) {
    long pattern = 0;
    for (int i = 0; i < type.bytes(); i++) {
      pattern = pattern << 8 | value & 0xff;
    }
    return pattern;
  }

  /** The row-major index of the first element that differs, -1 when none does. */
  static long firstDifference(HostArray a, HostArray b) {
    List<ByteBuffer> left = a.chunks();
    List<ByteBuffer> right = b.chunks();
    long before = 0;
    for (int i = 0; i < left.size(); i++) {
      int at = left.get(i).mismatch(right.get(i));
      if (at >= 0) {
        return (before + at) / a.type().bytes();
      }
      before += left.get(i).capacity();
    }
    return -1;
  }
}
