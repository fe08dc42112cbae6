// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.inspect;

import java.nio.ByteBuffer;
import kcc.targets.binary.ElfFile;

/// Machine code of NVIDIA GPUs, as far as it touches memory, read without a disassembler.
///
/// NVIDIA does not document the encoding. Instructions since Volta take 16 bytes, little-endian; the low 12 bits are
/// the operation, and bits 73 to 75 of loads and stores the size (0 and 1: one byte, 2 and 3: two, 4, 5, 6: 4, 8, 16).
/// Source: what nvdisasm 13.0 prints (`nvdisasm -hex`) for code of sm_90 and sm_100 that has each of these instructions.
public final class NvidiaCode {
  private static final int INSTRUCTION_BYTES = 16;
  private static final String CODE_SECTION = ".text.";

  private NvidiaCode() {}

  /// @throws IllegalArgumentException when the image is no ELF file
  public static MemoryInstructions memory(byte[] cubin) {
    MemoryInstructions found = new MemoryInstructions();
    for (ElfFile.Section section : ElfFile.read(cubin).sections()) {
      if (section.name().startsWith(CODE_SECTION)) {
        read(section.content(), found);
      }
    }
    return found;
  }

  private static void read(ByteBuffer code, MemoryInstructions found) {
    for (int at = 0; at + INSTRUCTION_BYTES <= code.limit(); at += INSTRUCTION_BYTES) {
      int bytes = bytes(code.getLong(at + 8));
      switch ((int) (code.getLong(at) & 0xFFF)) {
        // LD, LDG
        case 0x980, 0x981 -> found.add(MemoryInstructions.Kind.LOAD, bytes);
        // ST, STG
        case 0x985, 0x986 -> found.add(MemoryInstructions.Kind.STORE, bytes);
        // LDGSTS
        case 0xFAE -> found.add(MemoryInstructions.Kind.COPY, bytes);
        // UBLKCP
        case 0x3BA -> found.add(MemoryInstructions.Kind.COPY, MemoryInstructions.ANY);
        // REDG of integers and of floats, ATOMG, ATOMG.CAS
        case 0x98E, 0x9A6, 0x9A8, 0x3A9 -> found.add(MemoryInstructions.Kind.ATOMIC, MemoryInstructions.ANY);
        // LDL, STL
        case 0x983, 0x987 -> found.add(MemoryInstructions.Kind.SCRATCH, bytes);
        default -> { }
      }
    }
  }

  private static int bytes(long upperHalf) {
    return switch ((int) (upperHalf >>> 9 & 7)) {
      case 0, 1 -> 1;
      case 2, 3 -> 2;
      case 4 -> 4;
      case 5 -> 8;
      case 6 -> 16;
      default -> MemoryInstructions.ANY;
    };
  }
}
