// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// An array of a kernel between two guard zones. All bytes of the array start as 0xFF, which is NaN in every
/// floating-point type and a value that no test expects in integers.
final class GuardedMemory {
  private static final int GUARD_BYTES = 4096;
  private static final byte GUARD = (byte) 0xA5;

  private final MemorySegment whole;
  private final MemorySegment data;

  GuardedMemory(Arena arena, long bytes) {
    whole = arena.allocate(bytes + 2L * GUARD_BYTES, 64);
    whole.fill(GUARD);
    data = whole.asSlice(GUARD_BYTES, bytes);
    data.fill((byte) 0xFF);
  }

  MemorySegment data() {
    return data;
  }

  void checkGuards() {
    for (long i = 0; i < GUARD_BYTES; i++) {
      assertEquals(GUARD, whole.get(ValueLayout.JAVA_BYTE, i), "byte " + (i - GUARD_BYTES) + " before the array");
      long behind = GUARD_BYTES + data.byteSize() + i;
      assertEquals(GUARD, whole.get(ValueLayout.JAVA_BYTE, behind), "byte " + i + " behind the array");
    }
  }
}
