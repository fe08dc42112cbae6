// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;

/// The container format of LLVM's offloading tools, version 1: one binary for each image, one behind the other. Source:
/// llvm/Object/OffloadBinary.h of LLVM 22; `llvm-offload-binary` lists and extracts what is written here.
///
/// ```text
///   header   magic 10 FF 10 AD, u32 version, u64 size, u64 entry offset, u64 entry size
///   entry    u16 image kind, u16 offload kind, u32 flags, u64 string table, u64 strings, u64 image, u64 image size
///   strings  {u64 key, u64 value}..., then the texts, each ended by a zero byte
///   image    at a multiple of 8; the whole binary is padded to one
/// ```
///
/// Offsets count from the beginning of their own binary. The same images give the same bytes.
public final class OffloadBinary {
  private static final byte[] MAGIC = {0x10, (byte) 0xFF, 0x10, (byte) 0xAD};
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 32;
  private static final int ENTRY_BYTES = 40;
  private static final int STRING_BYTES = 16;
  private static final int ALIGNMENT = 8;

  private OffloadBinary() {}

  public static byte[] write(List<OffloadImage> images) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (OffloadImage image : images) {
      file.writeBytes(write(image));
    }
    return file.toByteArray();
  }

  private static byte[] write(OffloadImage image) {
    int stringTable = HEADER_BYTES + ENTRY_BYTES;
    int textStart = stringTable + STRING_BYTES * image.strings().size();
    ByteArrayOutputStream texts = new ByteArrayOutputStream();
    List<Integer> offsets = new ArrayList<>();
    image.strings().forEach((key, value) -> {
      for (String text : List.of(key, value)) {
        offsets.add(textStart + texts.size());
        texts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        texts.write(0);
      }
    });
    int imageStart = aligned(textStart + texts.size());
    int size = aligned(Math.addExact(imageStart, image.content().length));
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).putInt(VERSION).putLong(size).putLong(HEADER_BYTES).putLong(ENTRY_BYTES);
    bytes.putShort((short) image.imageKind().code()).putShort((short) image.offloadKind().code()).putInt(0);
    bytes.putLong(stringTable).putLong(image.strings().size()).putLong(imageStart).putLong(image.content().length);
    offsets.forEach(bytes::putLong);
    bytes.put(textStart, texts.toByteArray()).put(imageStart, image.content());
    return bytes.array();
  }

  /// @param origin the file's name, for messages
  /// @throws KccException when the bytes are no offload binary, or cut short
  public static List<OffloadImage> read(byte[] content, String origin) {
    List<OffloadImage> images = new ArrayList<>();
    ByteBuffer file = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int start = 0;
    while (start < content.length || images.isEmpty()) {
      if (!isMagic(content, start)) {
        throw start == 0
            ? error(origin + " is no .kcc file: it does not begin with the bytes 10 FF 10 AD of an offload binary")
            : error(origin + " is damaged: no image begins at byte " + start + ", where the one before ends");
      }
      if (content.length - start < HEADER_BYTES) {
        throw truncated(origin, (long) start + HEADER_BYTES, content.length);
      }
      int version = file.getInt(start + 4);
      long size = file.getLong(start + 8);
      if (version != VERSION) {
        throw error(origin + " is an offload binary of version " + version + "; kcc reads version " + VERSION);
      }
      if (size < HEADER_BYTES || size > content.length - start) {
        throw truncated(origin, Math.max(start + size, start + HEADER_BYTES + 1L), content.length);
      }
      try {
        images.add(readImage(file.slice(start, (int) size).order(ByteOrder.LITTLE_ENDIAN)));
      } catch (IndexOutOfBoundsException | ArithmeticException | IllegalArgumentException outside) {
        throw error(origin + " is damaged: the image at byte " + start + " points outside of itself");
      }
      start += (int) size;
    }
    return images;
  }

  private static OffloadImage readImage(ByteBuffer binary) {
    int entry = Math.toIntExact(binary.getLong(16));
    int stringTable = Math.toIntExact(binary.getLong(entry + 8));
    int stringCount = Math.toIntExact(binary.getLong(entry + 16));
    int imageStart = Math.toIntExact(binary.getLong(entry + 24));
    byte[] image = new byte[binary.slice(imageStart, Math.toIntExact(binary.getLong(entry + 32))).remaining()];
    binary.get(imageStart, image);
    Map<String, String> strings = new LinkedHashMap<>();
    for (int i = 0; i < stringCount; i++) {
      int pair = Math.addExact(stringTable, Math.multiplyExact(i, STRING_BYTES));
      strings.put(text(binary, binary.getLong(pair)), text(binary, binary.getLong(pair + 8)));
    }
    return new OffloadImage(imageKind(binary.getShort(entry)), offloadKind(binary.getShort(entry + 2)), strings, image);
  }

  private static ImageKind imageKind(int code) {
    for (ImageKind kind : ImageKind.values()) {
      if (kind.code() == code) {
        return kind;
      }
    }
    return ImageKind.NONE;
  }

  private static OffloadKind offloadKind(int code) {
    for (OffloadKind kind : OffloadKind.values()) {
      if (kind.code() == code) {
        return kind;
      }
    }
    return OffloadKind.NONE;
  }

  private static String text(ByteBuffer binary, long offset) {
    int start = Math.toIntExact(offset);
    int end = start;
    while (binary.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end - start];
    binary.get(start, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean isMagic(byte[] content, int start) {
    return content.length - start >= MAGIC.length
        && java.util.Arrays.equals(content, start, start + MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  private static int aligned(int offset) {
    return Math.addExact(offset, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static KccException truncated(String origin, long needed, long has) {
    return error(origin + " is cut short or damaged: it should have " + needed + " bytes or more, it has " + has);
  }

  private static KccException error(String text) {
    return new KccException(Diagnostic.error("KCC4010", null, text));
  }
}
