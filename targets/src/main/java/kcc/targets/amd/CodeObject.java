// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.targets.binary.ElfFile;

/// What the metadata of an AMDGPU code object says about a kernel. Source: LLVM's AMDGPUUsage, "Code Object V3 and above
/// Metadata": a note of the ELF file, in MessagePack.
///
/// @param vectorRegisters       of a lane, accumulation registers included
/// @param accumulationRegisters of a lane
/// @param scratchBytes          memory of a lane for spills and for what has no place in registers
/// @param maxThreads            of a block
public record CodeObject(int vectorRegisters, int accumulationRegisters, int scalarRegisters, int vectorSpills,
    int scalarSpills, int sharedBytes, int scratchBytes, int argumentBytes, int maxThreads) {

  private static final int NOTE_SECTION = 7;
  private static final int METADATA_NOTE = 32;

  /// @throws InternalException when the image has no metadata for the kernel
  public static CodeObject read(byte[] image, String kernel) {
    try {
      Object metadata = new MessagePack(note(image)).value();
      if (metadata instanceof Map<?, ?> root && root.get("amdhsa.kernels") instanceof List<?> kernels) {
        for (Object entry : kernels) {
          if (entry instanceof Map<?, ?> facts && kernel.equals(facts.get(".name"))) {
            return of(facts);
          }
        }
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException damaged) {
      throw unreadable("its metadata ends early");
    }
    throw unreadable("it has no metadata for '" + kernel + "'");
  }

  private static CodeObject of(Map<?, ?> facts) {
    return new CodeObject(number(facts, ".vgpr_count"), number(facts, ".agpr_count"), number(facts, ".sgpr_count"),
        number(facts, ".vgpr_spill_count"), number(facts, ".sgpr_spill_count"), number(facts, ".group_segment_fixed_size"),
        number(facts, ".private_segment_fixed_size"), number(facts, ".kernarg_segment_size"),
        number(facts, ".max_flat_workgroup_size"));
  }

  /// A key that is missing (spill counts are, when there are none) counts as 0.
  private static int number(Map<?, ?> facts, String key) {
    return facts.get(key) instanceof Long value ? Math.toIntExact(value) : 0;
  }

  /// The contents of the metadata note.
  private static ByteBuffer note(byte[] image) {
    try {
      for (ElfFile.Section section : ElfFile.read(image).sections()) {
        if (section.type() == NOTE_SECTION) {
          ByteBuffer notes = section.content();
          int at = 0;
          while (at + 12 <= notes.limit()) {
            int content = at + 12 + aligned(notes.getInt(at));
            int bytes = notes.getInt(at + 4);
            if (notes.getInt(at + 8) == METADATA_NOTE) {
              return notes.slice(content, bytes);
            }
            at = content + aligned(bytes);
          }
        }
      }
    } catch (IllegalArgumentException damaged) {
      throw unreadable(damaged.getMessage());
    }
    throw unreadable("it has no AMDGPU metadata");
  }

  private static int aligned(int size) {
    return (size + 3) / 4 * 4;
  }

  private static InternalException unreadable(String why) {
    return new InternalException(Diagnostic.error("KCC4913", null, "cannot read back the code object: " + why));
  }

  /// Reads the part of MessagePack that LLVM writes: maps, arrays, strings, whole numbers, booleans, nil.
  private record MessagePack(ByteBuffer bytes) {
    Object value() {
      int code = bytes.get() & 0xFF;
      if (code <= 0x7F) {
        return (long) code;
      }
      if (code <= 0x8F) {
        return map(code & 0x0F);
      }
      if (code <= 0x9F) {
        return array(code & 0x0F);
      }
      if (code <= 0xBF) {
        return text(code & 0x1F);
      }
      if (code >= 0xE0) {
        return (long) (byte) code;
      }
      return switch (code) {
        case 0xC0 -> "nil";
        case 0xC2 -> false;
        case 0xC3 -> true;
        case 0xCC -> bytes.get() & 0xFFL;
        case 0xCD -> bytes.getShort() & 0xFFFFL;
        case 0xCE -> bytes.getInt() & 0xFFFFFFFFL;
        case 0xCF, 0xD3 -> bytes.getLong();
        case 0xD0 -> (long) bytes.get();
        case 0xD1 -> (long) bytes.getShort();
        case 0xD2 -> (long) bytes.getInt();
        case 0xD9 -> text(bytes.get() & 0xFF);
        case 0xDA -> text(bytes.getShort() & 0xFFFF);
        case 0xDB -> text(bytes.getInt());
        case 0xDC -> array(bytes.getShort() & 0xFFFF);
        case 0xDD -> array(bytes.getInt());
        case 0xDE -> map(bytes.getShort() & 0xFFFF);
        case 0xDF -> map(bytes.getInt());
        default -> throw unreadable("MessagePack code " + code + " is not expected");
      };
    }

    private Map<String, Object> map(int size) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        String key = String.valueOf(value());
        map.put(key, value());
      }
      return map;
    }

    private List<Object> array(int size) {
      List<Object> array = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        array.add(value());
      }
      return array;
    }

    private String text(int length) {
      byte[] text = new byte[length];
      bytes.get(text);
      return new String(text, StandardCharsets.UTF_8);
    }

    /// MessagePack is big-endian.
    MessagePack {
      bytes = bytes.slice().order(ByteOrder.BIG_ENDIAN);
    }
  }
}
