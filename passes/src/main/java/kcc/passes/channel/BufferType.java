// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.channel;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Type;

/// `!kcc.buffer<128x64xf16, swizzle = 128>`: a place for a tile in shared memory.
///
/// @param shape      sizes of the tile
/// @param swizzle    bytes of the pieces into which the contiguous dimension is cut, 0 for none
/// @param contiguous dimension whose neighbours are neighbours in memory
public record BufferType(List<Long> shape, Type element, int swizzle, int contiguous) {
  private static final Pattern TEXT =
      Pattern.compile("!kcc\\.buffer<((?:\\d+x)+)([^,]+), swizzle = (\\d+)(?:, contiguous = (\\d+))?>");

  public BufferType {
    shape = List.copyOf(shape);
  }

  public static boolean is(Type type) {
    return type.toString().startsWith("!kcc.buffer<");
  }

  /// @throws IllegalArgumentException for any other type
  public static BufferType of(Type type) {
    Matcher text = TEXT.matcher(type.toString());
    if (!text.matches()) {
      throw new IllegalArgumentException(type + " is no buffer");
    }
    List<Long> shape = Arrays.stream(text.group(1).split("x")).map(Long::valueOf).toList();
    return new BufferType(shape, type.context().type(text.group(2)), Integer.parseInt(text.group(3)),
        text.group(4) == null ? shape.size() - 1 : Integer.parseInt(text.group(4)));
  }

  public Type type() {
    return context().type(toString());
  }

  private MlirContext context() {
    return element.context();
  }

  public int elementBytes() {
    return Math.max(1, element.bitWidth() / Byte.SIZE);
  }

  public long bytes() {
    return shape.stream().reduce(1L, (a, b) -> a * b) * elementBytes();
  }

  /// Elements of a piece of a row: all of it without a swizzle.
  public long pieceElements() {
    return swizzle == 0 ? shape.get(contiguous) : swizzle / elementBytes();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("!kcc.buffer<");
    shape.forEach(size -> text.append(size).append('x'));
    text.append(element).append(", swizzle = ").append(swizzle);
    if (contiguous != shape.size() - 1) {
      text.append(", contiguous = ").append(contiguous);
    }
    return text.append('>').toString();
  }
}
