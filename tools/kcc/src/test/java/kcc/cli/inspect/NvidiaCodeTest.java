// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Words as nvdisasm 13.0 shows them beside the instructions.
class NvidiaCodeTest {
  private static final long[] CODE = {
    0x000000060a098981L, 0x000ea2000c1e1900L, // @!P0 LDG.E R9, desc[UR6][R10.64]
    0x0000000602047981L, 0x000368000c1e1d00L, // LDG.E.128 R4, desc[UR6][R2.64]
    0x0000000614060981L, 0x0000a2000c1e1500L, // @P0 LDG.E.U16 R6, desc[UR6][R20.64]
    0x00001e08020d7981L, 0x000f22000c1e1300L, // LDG.E.S8 R13, desc[UR8][R2.64+0x1e]
    0x0000500802097980L, 0x002ea2000c101900L, // LD.E R9, desc[UR8][R2.64+0x50]
    0x0000200402007986L, 0x004fe8000c101d08L, // STG.E.128 desc[UR8][R2.64+0x20], R4
    0x0000580802007986L, 0x0021e2000c101b08L, // STG.E.64 desc[UR8][R2.64+0x58], R8
    0x0000540902007985L, 0x004fe8000c101908L, // ST.E desc[UR8][R2.64+0x54], R9
    0x00000040020f7faeL, 0x0001e8000b901c48L, // LDGSTS.E.BYPASS.128 [R15], desc[UR8][R2.64+0x40]
    0x00000008040073baL, 0x0003d80008000206L, // UBLKCP.S.G [UR8], [UR4], UR6
    0x00000005080f09a8L, 0x000ea200081ee1c8L, // @P0 ATOMG.E.ADD.STRONG.GPU PT, R15, desc[UR8][R8.64], R5
    0x000000050200098eL, 0x004fe8000c10e188L, // @P0 REDG.E.ADD.STRONG.GPU desc[UR8][R2.64], R5
    0x00000410080673a9L, 0x001ea200001ee111L, // ATOMG.E.CAS.STRONG.GPU PT, R6, [R8+0x4], R16, R17
    0x00000c13080079a6L, 0x0003e8000c10f388L, // REDG.E.ADD.F32.FTZ.RN.STRONG.GPU desc[UR8][R8.64+0xc], R19
  };

  @Test
  void everyFormOfAccessIsCounted() {
    MemoryInstructions found = NvidiaCode.memory(elf(".text.kernel", CODE));
    assertEquals("1 x 16 B, 2 x 4 B, 1 x 2 B, 1 x 1 B", found.text(MemoryInstructions.Kind.LOAD));
    assertEquals("1 x 16 B, 1 x 8 B, 1 x 4 B", found.text(MemoryInstructions.Kind.STORE));
    assertEquals("1 x 16 B, 1", found.text(MemoryInstructions.Kind.COPY));
    assertEquals("4", found.text(MemoryInstructions.Kind.ATOMIC));
    assertEquals("", found.text(MemoryInstructions.Kind.SCRATCH));
  }

  @Test
  void onlyCodeIsRead() {
    assertEquals("", NvidiaCode.memory(elf(".nv.constant0.kernel", CODE)).text(MemoryInstructions.Kind.LOAD));
  }

  @Test
  void whatIsNoElfFileIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> NvidiaCode.memory(new byte[100]));
    byte[] cut = elf(".text.kernel", CODE);
    assertThrows(IllegalArgumentException.class, () -> NvidiaCode.memory(java.util.Arrays.copyOf(cut, 80)));
  }

  /// A file with an empty first section, the code, and the names.
  private static byte[] elf(String section, long[] words) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    names.write(0);
    names.writeBytes(section.getBytes(StandardCharsets.US_ASCII));
    names.write(0);
    int code = 64;
    int text = code + 8 * words.length;
    int table = text + names.size();
    ByteBuffer file = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    file.putInt(0, 0x464C457F).putLong(0x28, table).putShort(0x3A, (short) 64).putShort(0x3C, (short) 3)
        .putShort(0x3E, (short) 2);
    for (int i = 0; i < words.length; i++) {
      file.putLong(code + 8 * i, words[i]);
    }
    file.put(text, names.toByteArray());
    file.putInt(table + 64, 1).putInt(table + 68, 1).putLong(table + 64 + 0x18, code)
        .putLong(table + 64 + 0x20, 8L * words.length);
    file.putInt(table + 132, 3).putLong(table + 128 + 0x18, text).putLong(table + 128 + 0x20, names.size());
    return file.array();
  }
}
