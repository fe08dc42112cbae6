// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kcc.mlir.ir.MlirContext;
import org.junit.jupiter.api.Test;

class ChannelTypeTest {
  @Test
  void textIsReadAndWritten() {
    try (MlirContext context = MlirContext.create()) {
      for (String text : List.of("!kcc.buffer<128x64xf16, swizzle = 128>",
          "!kcc.buffer<64x256xbf16, swizzle = 64, contiguous = 0>", "!kcc.buffer<16x16xf8E4M3FN, swizzle = 0>")) {
        assertEquals(text, BufferType.of(context.type(text)).toString());
        assertEquals(context.type(text), BufferType.of(context.type(text)).type());
      }
      String ring = "!kcc.channel<3, [!kcc.buffer<128x64xf16, swizzle = 128>, !kcc.buffer<64x256xf16, swizzle = 128>]>";
      assertEquals(ring, ChannelType.of(context.type(ring)).toString());
      assertEquals(context.type(ring), ChannelType.of(context.type(ring)).type(context));
    }
  }

  @Test
  void slotsHoldBuffersOneBehindTheOther() {
    try (MlirContext context = MlirContext.create()) {
      ChannelType ring = ChannelType.of(context.type(
          "!kcc.channel<4, [!kcc.buffer<16x20xf16, swizzle = 0>, !kcc.buffer<64x256xf16, swizzle = 128>]>"));
      assertEquals(16 * 20 * 2, ring.buffers().getFirst().bytes());
      assertEquals(0, ring.offset(0));
      assertEquals(1024, ring.offset(1), "buffers begin at multiples of 1024 bytes");
      assertEquals(1024 + 64 * 256 * 2, ring.slotBytes());
      assertEquals(16 * 20 * 2 + 64 * 256 * 2, ring.tileBytes(), "what arrives has no gaps");
      assertEquals(4 * (ring.slotBytes() + 16), ring.bytes());
      assertEquals(3, ring.withDepth(3).depth());
    }
  }

  @Test
  void rowsAreCutIntoPieces() {
    try (MlirContext context = MlirContext.create()) {
      assertEquals(64, BufferType.of(context.type("!kcc.buffer<64x256xf16, swizzle = 128>")).pieceElements());
      assertEquals(256, BufferType.of(context.type("!kcc.buffer<64x256xf16, swizzle = 0>")).pieceElements());
      assertEquals(32, BufferType.of(context.type("!kcc.buffer<64x128xf32, swizzle = 128, contiguous = 0>")).pieceElements());
    }
  }

  @Test
  void otherTypesAreNone() {
    try (MlirContext context = MlirContext.create()) {
      assertTrue(BufferType.is(context.type("!kcc.buffer<16x16xf16, swizzle = 32>")));
      assertFalse(BufferType.is(context.type("tensor<16x16xf16>")));
      assertThrows(IllegalArgumentException.class, () -> BufferType.of(context.type("f16")));
      assertThrows(IllegalArgumentException.class, () -> ChannelType.of(context.type("!kcc.tensor_map")));
    }
  }
}
