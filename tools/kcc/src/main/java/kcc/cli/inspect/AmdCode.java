// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.inspect;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Machine code of AMD's GPUs, as far as it touches memory, from LLVM's disassembly. Names: "CDNA3 Instruction Set
/// Architecture", chapter 12, MUBUF and FLAT encodings.
public final class AmdCode {
  private static final Pattern ACCESS =
      Pattern.compile("^\\s+(global|buffer|flat|scratch)_(load|store|atomic)_(\\w+)(.*)$", Pattern.MULTILINE);

  private AmdCode() {}

  /// @param disassembly as `llvm-objdump -d` prints it
  public static MemoryInstructions memory(String disassembly) {
    MemoryInstructions found = new MemoryInstructions();
    Matcher access = ACCESS.matcher(disassembly);
    while (access.find()) {
      String type = access.group(3);
      if (access.group(1).equals("scratch")) {
        found.add(MemoryInstructions.Kind.SCRATCH, bytes(type));
      } else if (access.group(2).equals("atomic")) {
        found.add(MemoryInstructions.Kind.ATOMIC, MemoryInstructions.ANY);
      } else if (access.group(2).equals("store")) {
        found.add(MemoryInstructions.Kind.STORE, bytes(type));
      } else if (type.startsWith("lds_") || access.group(4).matches(".*\\blds\\b.*")) {
        found.add(MemoryInstructions.Kind.COPY, bytes(type.replaceFirst("^lds_", "")));
      } else {
        found.add(MemoryInstructions.Kind.LOAD, bytes(type));
      }
    }
    return found;
  }

  private static int bytes(String type) {
    if (type.startsWith("dwordx")) {
      return 4 * Integer.parseInt(type.substring("dwordx".length()));
    }
    if (type.startsWith("dword")) {
      return 4;
    }
    if (type.contains("short")) {
      return 2;
    }
    return type.contains("byte") ? 1 : MemoryInstructions.ANY;
  }
}
