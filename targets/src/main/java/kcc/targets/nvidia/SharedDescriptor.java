// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import kcc.passes.channel.BufferType;

/// How matrix units of a warp group find a factor in a buffer (PTX ISA, wgmma: section Matrix Descriptor Format and the
/// canonical layouts in section Strides).
///
/// ```text
///   bits  0-13  start address / 16
///   bits 16-29  leading dimension byte offset / 16
///   bits 32-45  stride dimension byte offset / 16
///   bits 62-63  swizzle: 1 for 128 bytes, 2 for 64, 3 for 32
/// ```
/// A line is a row of the first factor or a column of the second. A buffer is cut into pieces as wide as its swizzle s.
/// - Elements of a line are neighbours (K-major): eight lines of s bytes make a group, groups lie 8 s apart. The leading
///   offset means nothing. One step of an instruction's depth, 32 bytes, moves the start along the line: swizzling is done
///   with bits of the address, so it may begin inside of a group.
/// - Elements of the same depth are neighbours (MN-major): eight depths of s bytes make a group, groups lie 8 s apart, pieces
///   the leading offset.
///
/// @param depth dimension of the buffer along which products are summed up: 1 of the first factor, 0 of the second
record SharedDescriptor(BufferType buffer, int depth) {
  private static final int UNIT = 16;
  private static final int LINES_OF_GROUP = 8;
  /// Addresses in shared memory have 18 bits; those above tell blocks of a cluster apart.
  static final int ADDRESS_MASK = 0x3FFFF;
  static final int ADDRESS_SHIFT = 4;

  /// What is wrong with the buffer as a factor, or null.
  String fault() {
    if (buffer.shape().size() != 2) {
      return "has " + buffer.shape().size() + " dimensions; matrix units read two";
    }
    if (buffer.swizzle() == 0) {
      return "has rows one behind the other as they are; matrix units read pieces of 32, 64 or 128 bytes";
    }
    return isTransposed() && buffer.element().bitWidth() != 16
        ? "has elements of " + buffer.element().bitWidth() + " bits that are no neighbours along the depth; "
            + "matrix units only transpose 16 bits" : null;
  }

  /// Whether elements of the same depth are neighbours.
  boolean isTransposed() {
    return buffer.contiguous() != depth;
  }

  long lines() {
    return buffer.shape().get(1 - depth);
  }

  /// All but the address.
  long encoding() {
    long mode = switch (buffer.swizzle()) {
      case 128 -> 1;
      case 64 -> 2;
      case 32 -> 3;
      default -> throw new IllegalStateException(buffer + " " + fault());
    };
    long stride = (long) LINES_OF_GROUP * buffer.swizzle() / UNIT;
    long leading = isTransposed() ? pieceBytes() / UNIT : 1;
    return mode << 62 | stride << 32 | leading << 16;
  }

  /// Bytes from the beginning of the buffer to a line and a depth, both as elements, where an instruction may start.
  long start(long line, long depthElement) {
    long along = (isTransposed() ? line : depthElement) * buffer.elementBytes();
    long across = isTransposed() ? depthElement : line;
    return along / buffer.swizzle() * pieceBytes() + across * buffer.swizzle() + along % buffer.swizzle();
  }

  /// Whether an instruction may start at a line and read so many.
  boolean canStart(long line, long count) {
    if (line % LINES_OF_GROUP != 0 || line + count > lines()) {
      return false;
    }
    long within = line * buffer.elementBytes() % buffer.swizzle();
    return !isTransposed() || within == 0 || within + count * buffer.elementBytes() <= buffer.swizzle();
  }

  /// Bytes from one line to the next, on average over lines that fill whole pieces.
  long lineBytes() {
    return isTransposed() ? (long) buffer.elementBytes() * buffer.shape().get(depth) : buffer.swizzle();
  }

  private long pieceBytes() {
    long pieces = buffer.shape().get(buffer.contiguous()) * buffer.elementBytes() / buffer.swizzle();
    return buffer.bytes() / pieces;
  }
}
