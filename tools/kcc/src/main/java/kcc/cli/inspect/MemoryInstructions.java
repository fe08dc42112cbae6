// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.inspect;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The instructions of a kernel that touch memory outside of the block: how many of each kind, by the bytes one thread moves.
public final class MemoryInstructions {
  /// What an instruction does.
  public enum Kind {
    /// Global memory to registers.
    LOAD,
    /// Registers to global memory.
    STORE,
    /// Global to shared memory without passing through registers.
    COPY,
    /// Updates of global memory.
    ATOMIC,
    /// Memory of one thread: spills and arrays that have no place in registers.
    SCRATCH
  }

  /// Bytes of an instruction whose width is not of interest, or is known only when it runs.
  public static final int ANY = 0;

  private final Map<Kind, Map<Integer, Integer>> counts = new EnumMap<>(Kind.class);

  void add(Kind kind, int bytes) {
    counts.computeIfAbsent(kind, _ -> new TreeMap<>((a, b) -> Integer.compare(b, a))).merge(bytes, 1, Integer::sum);
  }

  public int count(Kind kind, int bytes) {
    return counts.getOrDefault(kind, Map.of()).getOrDefault(bytes, 0);
  }

  /// Such as `8 x 16 B, 1 x 2 B`, widest first; empty when there is no such instruction.
  public String text(Kind kind) {
    List<String> parts = new ArrayList<>();
    counts.getOrDefault(kind, Map.of())
        .forEach((bytes, count) -> parts.add(bytes == ANY ? Integer.toString(count) : count + " x " + bytes + " B"));
    return String.join(", ", parts);
  }
}
