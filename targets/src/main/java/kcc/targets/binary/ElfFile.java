// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.binary;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The sections of a 64-bit little-endian ELF file (System V ABI, chapter 4, "Object Files").
///
/// @param sections in the order of the section headers
public record ElfFile(List<Section> sections) {
  private static final int MAGIC = 0x464C457F;
  private static final int HEADER_BYTES = 64;
  /// Type of sections that take no place in the file, such as `.bss`.
  private static final int NO_BITS = 8;

  public ElfFile {
    sections = List.copyOf(sections);
  }

  /// @param type    such as 7 for notes
  /// @param content little-endian; empty for a section without bytes in the file
  public record Section(String name, int type, ByteBuffer content) {}

  /// @throws IllegalArgumentException when the bytes are no ELF file of this kind, or end early
  public static ElfFile read(byte[] image) {
    ByteBuffer elf = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    if (image.length < HEADER_BYTES || elf.getInt(0) != MAGIC) {
      throw new IllegalArgumentException("it is no ELF file");
    }
    try {
      long table = elf.getLong(0x28);
      int entryBytes = elf.getShort(0x3A);
      int count = elf.getShort(0x3C);
      int names = elf.getShort(0x3E);
      List<Section> unnamed = new ArrayList<>();
      List<Integer> nameOffsets = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int header = Math.toIntExact(table + (long) i * entryBytes);
        int type = elf.getInt(header + 4);
        int at = Math.toIntExact(elf.getLong(header + 0x18));
        int bytes = type == NO_BITS ? 0 : Math.toIntExact(elf.getLong(header + 0x20));
        nameOffsets.add(elf.getInt(header));
        unnamed.add(new Section("", type, elf.slice(bytes == 0 ? 0 : at, bytes).order(ByteOrder.LITTLE_ENDIAN)));
      }
      List<Section> sections = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Section section = unnamed.get(i);
        sections.add(new Section(text(unnamed.get(names).content(), nameOffsets.get(i)), section.type(), section.content()));
      }
      return new ElfFile(sections);
    } catch (IndexOutOfBoundsException | ArithmeticException damaged) {
      throw new IllegalArgumentException("the ELF file ends early", damaged);
    }
  }

  private static String text(ByteBuffer names, int start) {
    int end = start;
    while (names.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - start];
    names.get(start, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
