// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds offload binaries as llvm/Object/OffloadBinary.h describes version 1. */
final class OffloadBinaryBytes {
  private OffloadBinaryBytes() {}

  static byte[] of(Map<String, String> strings, byte[] image) {
    int stringTable = 32 + 40;
    int texts = stringTable + 16 * strings.size();
    ByteArrayOutputStream pool = new ByteArrayOutputStream();
    List<Integer> offsets = new ArrayList<>();
    for (Map.Entry<String, String> entry : strings.entrySet()) {
      for (String text : List.of(entry.getKey(), entry.getValue())) {
        offsets.add(texts + pool.size());
        pool.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        pool.write(0);
      }
    }
    int imageOffset = (texts + pool.size() + 7) / 8 * 8;
    int size = (imageOffset + image.length + 7) / 8 * 8;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x10, (byte) 0xff, 0x10, (byte) 0xad}).putInt(1).putLong(size).putLong(32).putLong(40);
    file.putShort((short) 3).putShort((short) 2).putInt(0);
    file.putLong(stringTable).putLong(strings.size()).putLong(imageOffset).putLong(image.length);
    for (int offset : offsets) {
      file.putLong(offset);
    }
    file.put(texts, pool.toByteArray()).put(imageOffset, image);
    return file.array();
  }
}
