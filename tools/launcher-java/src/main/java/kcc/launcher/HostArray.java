// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A dense array in host memory, row-major, little-endian.
 *
 * <p>Memory comes in chunks of {@link #CHUNK_BYTES}, because one Java buffer ends at 2 GiB and kernels' arrays do not.
 */
public final class HostArray {
  /** A multiple of every element size, so no element lies across two chunks. */
  public static final int CHUNK_BYTES = 1 << 30;

  private final ElementType type;
  private final List<Long> shape;
  private final long elementCount;
  private final List<ByteBuffer> chunks;

  private HostArray(ElementType type, List<Long> shape, long elementCount, List<ByteBuffer> chunks) {
    this.type = type;
    this.shape = shape;
    this.elementCount = elementCount;
    this.chunks = chunks;
  }

  /** A new array of zeros. */
  public static HostArray zeros(ElementType type, List<Long> shape) {
    long count = elementCount(shape);
    if (count > Long.MAX_VALUE / type.bytes()) {
      throw new LauncherException("shape %s of %s has more than 2^63 bytes".formatted(shape, type.spelling()));
    }
    long bytes = count * type.bytes();
    String what = "an array of %s of shape %s".formatted(type.spelling(), shape);
    HostMemory.require(bytes, what);
    List<ByteBuffer> chunks = new ArrayList<>();
    try {
      for (long left = bytes; left > 0; left -= CHUNK_BYTES) {
        // Direct, so that drivers copy from it without a second copy.
        chunks.add(ByteBuffer.allocateDirect((int) Math.min(left, CHUNK_BYTES)).order(ByteOrder.LITTLE_ENDIAN));
      }
    } catch (OutOfMemoryError exhausted) {
      throw HostMemory.tooLittle(bytes, what, "which Java does not give (-XX:MaxDirectMemorySize)", exhausted);
    }
    return new HostArray(type, List.copyOf(shape), count, List.copyOf(chunks));
  }

  private static long elementCount(List<Long> shape) {
    long count = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new LauncherException("shape %s has the negative extent %d".formatted(shape, extent));
      }
      try {
        count = Math.multiplyExact(count, extent);
      } catch (ArithmeticException overflow) {
        throw new LauncherException("shape %s has more than 2^63 elements".formatted(shape), overflow);
      }
    }
    return count;
  }

  /** The same bits seen as another type of the same size, for example 16-bit integers that hold bf16. */
  public HostArray as(ElementType other) {
    if (other.bytes() != type.bytes()) {
      throw new LauncherException(
          "%s elements of %d bytes cannot be read as %s, which has %d"
              .formatted(type.spelling(), type.bytes(), other.spelling(), other.bytes()));
    }
    return new HostArray(other, shape, elementCount, chunks);
  }

  public ElementType type() {
    return type;
  }

  public List<Long> shape() {
    return shape;
  }

  public long elementCount() {
    return elementCount;
  }

  public long byteCount() {
    return elementCount * type.bytes();
  }

  /** The memory, each chunk from position 0; all but the last have {@link #CHUNK_BYTES}. */
  public List<ByteBuffer> chunks() {
    List<ByteBuffer> views = new ArrayList<>();
    for (ByteBuffer chunk : chunks) {
      views.add(chunk.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN));
    }
    return views;
  }

  /** Element {@code index} in row-major order. */
  public double get(long index) {
    long offset = offset(index);
    return type.read(chunks.get((int) (offset / CHUNK_BYTES)), (int) (offset % CHUNK_BYTES));
  }

  public long getLong(long index) {
    long offset = offset(index);
    return type.readLong(chunks.get((int) (offset / CHUNK_BYTES)), (int) (offset % CHUNK_BYTES));
  }

  public void set(long index, double value) {
    long offset = offset(index);
    type.write(chunks.get((int) (offset / CHUNK_BYTES)), (int) (offset % CHUNK_BYTES), value);
  }

  public void setLong(long index, long value) {
    long offset = offset(index);
    type.writeLong(chunks.get((int) (offset / CHUNK_BYTES)), (int) (offset % CHUNK_BYTES), value);
  }

  public void fillBytes(byte value) {
    byte[] piece = new byte[1 << 16];
    Arrays.fill(piece, value);
    for (ByteBuffer view : chunks()) {
      while (view.hasRemaining()) {
        view.put(piece, 0, Math.min(piece.length, view.remaining()));
      }
    }
  }

  private long offset(long index) {
    if (index < 0 || index >= elementCount) {
      throw new IndexOutOfBoundsException("element " + index + " of an array of shape " + shape);
    }
    return index * type.bytes();
  }

  /** The indices of element {@code index}, outermost first. */
  public List<Long> coordinates(long index) {
    Long[] coordinates = new Long[shape.size()];
    long left = index;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      coordinates[axis] = left % shape.get(axis);
      left /= shape.get(axis);
    }
    return List.of(coordinates);
  }
}
