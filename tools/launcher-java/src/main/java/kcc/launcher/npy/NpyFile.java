// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.npy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kcc.launcher.AtomicFile;
import kcc.launcher.HostArray;
import kcc.launcher.LauncherException;

/** Reads and writes {@code .npy} files. */
public final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LARGEST_HEADER = 1 << 20;

  private NpyFile() {}

  /** The array in the file, brought to row-major order and little-endian elements. */
  public static HostArray read(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      NpyHeader header = readHeader(channel, path.toString());
      if (!header.fortranOrder()) {
        HostArray array = HostArray.zeros(header.type(), header.shape());
        readElements(channel, array, header, path);
        return array;
      }
      // Column-major data is the row-major data of the transposed array.
      List<Long> reversed = new ArrayList<>(header.shape());
      Collections.reverse(reversed);
      HostArray stored = HostArray.zeros(header.type(), reversed);
      readElements(channel, stored, header, path);
      return transpose(stored);
    } catch (NoSuchFileException missing) {
      throw new LauncherException("there is no file '" + path + "'", missing);
    } catch (EOFException truncated) {
      throw new LauncherException("%s is cut short: %s".formatted(path, truncated.getMessage()), truncated);
    } catch (IOException failure) {
      throw new LauncherException("cannot read '%s': %s".formatted(path, failure.getMessage()), failure);
    }
  }

  private static NpyHeader readHeader(FileChannel channel, String origin) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(8);
    if (channel.size() >= 8) {
      readFully(channel, start);
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (start.get(i) != MAGIC[i]) {
        throw new LauncherException(origin + " is not a .npy file: it does not begin with \\x93NUMPY");
      }
    }
    int version = start.get(6);
    if (version < 1 || version > 3) {
      throw new LauncherException(
          "%s is a .npy file of version %d.%d; versions 1 to 3 are known".formatted(origin, version, start.get(7)));
    }
    ByteBuffer length = ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN);
    readFully(channel, length);
    long headerBytes = version == 1 ? length.getShort(0) & 0xffff : length.getInt(0) & 0xffffffffL;
    if (headerBytes > LARGEST_HEADER) {
      throw new LauncherException("%s: a .npy header of %d bytes is not plausible".formatted(origin, headerBytes));
    }
    ByteBuffer text = ByteBuffer.allocate((int) headerBytes);
    readFully(channel, text);
    var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return NpyHeader.parse(new String(text.array(), charset), origin);
  }

  private static void readElements(FileChannel channel, HostArray array, NpyHeader header, Path path)
      throws IOException {
    long have = channel.size() - channel.position();
    if (have < array.byteCount()) {
      throw new EOFException(
          "shape %s of %s takes %d bytes of data, it has %d"
              .formatted(header.shape(), header.type().spelling(), array.byteCount(), have));
    }
    for (ByteBuffer chunk : array.chunks()) {
      readFully(channel, chunk);
      if (header.bigEndian()) {
        reverseBytes(chunk, header.type().bytes());
      }
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("it ends at byte " + channel.position());
      }
    }
  }

  private static void reverseBytes(ByteBuffer chunk, int size) {
    for (int offset = 0; offset < chunk.capacity(); offset += size) {
      switch (size) {
        case 2 -> chunk.putShort(offset, Short.reverseBytes(chunk.getShort(offset)));
        case 4 -> chunk.putInt(offset, Integer.reverseBytes(chunk.getInt(offset)));
        case 8 -> chunk.putLong(offset, Long.reverseBytes(chunk.getLong(offset)));
        default -> {
          return; // single bytes have no order
        }
      }
    }
  }

  private static HostArray transpose(HostArray stored) {
    int rank = stored.shape().size();
    List<Long> shape = new ArrayList<>(stored.shape());
    Collections.reverse(shape);
    HostArray result = HostArray.zeros(stored.type(), shape);
    long[] stride = new long[rank];
    long step = 1;
    for (int axis = 0; axis < rank; axis++) {
      stride[axis] = step;
      step *= shape.get(axis);
    }
    long[] index = new long[rank];
    for (long target = 0; target < result.elementCount(); target++) {
      long source = 0;
      for (int axis = 0; axis < rank; axis++) {
        source += index[axis] * stride[axis];
      }
      if (stored.type().isFloat()) {
        result.set(target, stored.get(source));
      } else {
        result.setLong(target, stored.getLong(source));
      }
      for (int axis = rank - 1; axis >= 0 && ++index[axis] == shape.get(axis); axis--) {
        index[axis] = 0;
      }
    }
    return result;
  }

  /** Writes version 1. The file appears whole or not at all. */
  public static void write(Path path, HostArray array) {
    AtomicFile.write(
        path,
        channel -> {
          writeFully(channel, ByteBuffer.wrap(NpyHeader.encode(array.type(), array.shape())));
          for (ByteBuffer chunk : array.chunks()) {
            writeFully(channel, chunk);
          }
        });
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
