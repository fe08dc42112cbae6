// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AmdCodeTest {
  @Test
  void everyFormOfAccessIsCounted() {
    MemoryInstructions found = AmdCode.memory("""
        0000000000001700 <kernel>:
        \ts_load_dwordx4 s[4:7], s[0:1], 0x0
        \tglobal_load_dwordx4 v[0:3], v4, s[4:5]
        \tglobal_load_dwordx4 v[0:3], v4, s[4:5] offset:16
        \tbuffer_load_dword v1, v2, s[8:11], 0 offen lds
        \tglobal_load_lds_dwordx4 v[2:3], off
        \tglobal_load_ushort v1, v4, s[4:5]
        \tglobal_load_sbyte v1, v4, s[4:5]
        \tglobal_store_short_d16_hi v4, v1, s[4:5]
        \tflat_store_dwordx2 v[0:1], v[2:3]
        \tglobal_atomic_add_f32 v4, v1, s[4:5]
        \tscratch_store_dword off, v1, s32
        \tds_read_b128 v[0:3], v4
        """);
    assertEquals("2 x 16 B, 1 x 2 B, 1 x 1 B", found.text(MemoryInstructions.Kind.LOAD));
    assertEquals("1 x 8 B, 1 x 2 B", found.text(MemoryInstructions.Kind.STORE));
    assertEquals("1 x 16 B, 1 x 4 B", found.text(MemoryInstructions.Kind.COPY));
    assertEquals("1", found.text(MemoryInstructions.Kind.ATOMIC));
    assertEquals("1 x 4 B", found.text(MemoryInstructions.Kind.SCRATCH));
  }
}
