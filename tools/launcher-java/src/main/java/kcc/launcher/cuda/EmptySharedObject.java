// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The smallest ELF shared object of a name: no symbols, only what the loader asks for.
 *
 * <p>Layout: file header, program headers (LOAD of the whole file, DYNAMIC, a stack that is not executable), dynamic
 * table, hash table of no symbols, symbol table with the undefined symbol, version definitions, versions of the
 * symbols, strings. Symbols of a versioned library are only accepted from one that defines that version, hence the
 * definitions. Source: System V ABI, chapters 4 and 5; Linux Standard Base, "Symbol Versioning".
 */
final class EmptySharedObject {
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int PROGRAM_HEADERS = 3;
  private static final int DYNAMIC_ENTRY = 16;
  private static final int SYMBOL = 24;
  private static final int VERSION_DEFINITION = 28;

  private EmptySharedObject() {}

  static byte[] named(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    int dynamicEntries = 10;
    int dynamic = HEADER + PROGRAM_HEADERS * PROGRAM_HEADER;
    int hash = dynamic + dynamicEntries * DYNAMIC_ENTRY;
    int symbols = hash + 16;
    int versions = symbols + SYMBOL;
    int versionOfSymbols = versions + 2 * VERSION_DEFINITION;
    int strings = versionOfSymbols + 2;
    int size = strings + 1 + text.length + 1;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);

    // 64-bit, little-endian, System V; ET_DYN for x86-64.
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    file.putShort((short) 3).putShort((short) 62).putInt(1);
    file.putLong(0).putLong(HEADER).putLong(0).putInt(0);
    file.putShort((short) HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 2);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);

    programHeader(file, 1, 6, 0, size, 4096);
    programHeader(file, 2, 6, dynamic, dynamicEntries * DYNAMIC_ENTRY, 8);
    programHeader(file, 0x6474e551, 6, 0, 0, 16);

    entry(file, 14, 1); // DT_SONAME
    entry(file, 4, hash); // DT_HASH
    entry(file, 5, strings); // DT_STRTAB
    entry(file, 6, symbols); // DT_SYMTAB
    entry(file, 10, size - strings); // DT_STRSZ
    entry(file, 11, SYMBOL); // DT_SYMENT
    entry(file, 0x6ffffffcL, versions); // DT_VERDEF
    entry(file, 0x6ffffffdL, 2); // DT_VERDEFNUM
    entry(file, 0x6ffffff0L, versionOfSymbols); // DT_VERSYM
    entry(file, 0, 0);

    file.putInt(1).putInt(1).putInt(0).putInt(0); // one bucket, one symbol, both chains empty
    file.put(new byte[SYMBOL]);

    versionDefinition(file, 1, 1, text, true); // the library itself
    versionDefinition(file, 0, 2, text, false); // the version of the same name
    file.putShort((short) 0); // the undefined symbol is local
    file.put((byte) 0).put(text).put((byte) 0);
    return file.array();
  }

  private static void programHeader(ByteBuffer file, int type, int flags, long offset, long size, long alignment) {
    file.putInt(type).putInt(flags).putLong(offset).putLong(offset).putLong(offset);
    file.putLong(size).putLong(size).putLong(alignment);
  }

  private static void entry(ByteBuffer file, long tag, long value) {
    file.putLong(tag).putLong(value);
  }

  private static void versionDefinition(ByteBuffer file, int flags, int index, byte[] name, boolean more) {
    file.putShort((short) 1).putShort((short) flags).putShort((short) index).putShort((short) 1);
    file.putInt(elfHash(name)).putInt(20).putInt(more ? VERSION_DEFINITION : 0);
    file.putInt(1).putInt(0); // its name in the string table
  }

  private static int elfHash(byte[] name) {
    int hash = 0;
    for (byte letter : name) {
      hash = (hash << 4) + (letter & 0xff);
      int high = hash & 0xf0000000;
      hash = (hash ^ high >>> 24) & ~high;
    }
    return hash;
  }
}
