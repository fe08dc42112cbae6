// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import kcc.mlir.ir.MlirContext;
import kcc.passes.channel.BufferType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Where matrix units look for an element by a descriptor is where the element lies in its buffer.
class SharedDescriptorTest {
  private static final int DEPTH_BYTES = 32;
  private static final int BASE = 7 * 1024;

  static Stream<Arguments> buffers() {
    List<Arguments> all = new ArrayList<>();
    for (int swizzle : List.of(32, 64, 128)) {
      for (int pieces : List.of(1, 3)) {
        for (int lines : List.of(8, 64, 72)) {
          all.add(Arguments.of("f16", swizzle, pieces, lines, false));
          all.add(Arguments.of("f32", swizzle, pieces, lines, false));
          all.add(Arguments.of("f8E5M2", swizzle, pieces, lines, false));
        }
        all.add(Arguments.of("f16", swizzle, pieces, 16, true));
        all.add(Arguments.of("bf16", swizzle, pieces, 64, true));
      }
    }
    return all.stream();
  }

  /// @param across size of the dimension whose neighbours are not neighbours in memory
  @ParameterizedTest
  @MethodSource("buffers")
  void findsEveryElement(String type, int swizzle, int pieces, int across, boolean isTransposed) {
    try (MlirContext context = MlirContext.create()) {
      context.loadDialect("kcc");
      int bytes = type.equals("f32") ? 4 : type.equals("f8E5M2") ? 1 : 2;
      long along = (long) pieces * swizzle / bytes;
      // As a first factor: lines times depth.
      List<Long> shape = isTransposed ? List.of(along, (long) across) : List.of((long) across, along);
      BufferType buffer = new BufferType(shape, context.type(type), swizzle, isTransposed ? 0 : 1);
      SharedDescriptor descriptor = new SharedDescriptor(buffer, 1);
      assertEquals(isTransposed, descriptor.isTransposed());
      int checked = 0;
      for (long line = 0; line < descriptor.lines(); line += 8) {
        long depthOfStep = DEPTH_BYTES / bytes;
        for (long depth = 0; depth + depthOfStep <= shape.get(1); depth += depthOfStep) {
          long most = 0;
          while (descriptor.canStart(line, most + 8)) {
            most += 8;
          }
          long start = BASE + descriptor.start(line, depth);
          assertEquals(0, start % 16);
          for (long l = 0; l < most; l++) {
            for (long d = 0; d < depthOfStep; d++) {
              assertEquals(place(buffer, line + l, depth + d), read(descriptor, start, l, d, bytes), "line " + (line + l)
                  + ", depth " + (depth + d) + ", from line " + line);
              checked++;
            }
          }
        }
      }
      assertTrue(checked >= shape.get(0) * shape.get(1), "every element at least once: " + checked);
    }
  }

  /// Where the definition of `!kcc.buffer` puts an element.
  private static long place(BufferType buffer, long first, long second) {
    int bytes = buffer.elementBytes();
    long along = (buffer.contiguous() == 0 ? first : second) * bytes;
    long across = buffer.contiguous() == 0 ? second : first;
    long acrossSize = buffer.shape().get(1 - buffer.contiguous());
    long linear = along / buffer.swizzle() * acrossSize * buffer.swizzle() + across * buffer.swizzle() + along % buffer.swizzle();
    long line = linear / 128;
    long unit = linear % 128 / 16;
    long swizzled = unit ^ line % (buffer.swizzle() / 16);
    return BASE + line * 128 + swizzled * 16 + linear % 16;
  }

  /// Where the hardware reads an element of an instruction, in bytes (PTX ISA, wgmma: canonical layouts and Swizzling Modes).
  private static long read(SharedDescriptor descriptor, long start, long line, long depth, int bytes) {
    long encoding = descriptor.encoding();
    long leading = (encoding >> 16 & 0x3FFF) * 16;
    long stride = (encoding >> 32 & 0x3FFF) * 16;
    int span = switch ((int) (encoding >>> 62)) {
      case 1 -> 128;
      case 2 -> 64;
      case 3 -> 32;
      default -> throw new AssertionError("no swizzle");
    };
    long offset = descriptor.isTransposed()
        ? line * bytes % span + line * bytes / span * leading + depth % 8 * span + depth / 8 * stride
        : line % 8 * span + line / 8 * stride + depth * bytes;
    long address = start + offset;
    return address ^ (address >> 7 & span / 16 - 1) << 4;
  }

  @Test
  void theEncodingsMeasuredOnHopper() {
    try (MlirContext context = MlirContext.create()) {
      context.loadDialect("kcc");
      BufferType a = new BufferType(List.of(128L, 64L), context.type("f16"), 128, 1);
      assertEquals(1L << 62 | 64L << 32 | 1L << 16, new SharedDescriptor(a, 1).encoding());
      BufferType b = new BufferType(List.of(64L, 256L), context.type("f16"), 128, 1);
      SharedDescriptor columns = new SharedDescriptor(b, 0);
      assertEquals(1L << 62 | 64L << 32 | 512L << 16, columns.encoding());
      assertEquals(2048, columns.start(0, 16));
      assertEquals(8192, columns.start(64, 0));
      assertEquals(8192, 64 * new SharedDescriptor(a, 1).lineBytes());
      assertTrue(columns.canStart(32, 32), "within a piece");
      assertFalse(columns.canStart(32, 64), "over the end of a piece, begun inside");
      assertTrue(columns.canStart(64, 192));
    }
  }
}
