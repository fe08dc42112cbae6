// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Sizes of `memref` types, all of which are static here.
final class Buffers {
  private Buffers() {}

  static List<Long> shape(Type buffer) {
    String text = buffer.toString();
    List<Long> shape = new ArrayList<>();
    int from = text.indexOf('<') + 1;
    for (int end = text.indexOf('x', from); end > 0 && isNumber(text, from, end); end = text.indexOf('x', from)) {
      shape.add(Long.parseLong(text, from, end, 10));
      from = end + 1;
    }
    return shape;
  }

  private static boolean isNumber(String text, int from, int end) {
    for (int i = from; i < end; i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return end > from;
  }

  static long bytes(Type buffer) {
    long bytes = elementBytes(buffer.elementOrSelf());
    for (long size : shape(buffer)) {
      bytes = Math.multiplyExact(bytes, size);
    }
    return bytes;
  }

  private static long elementBytes(Type element) {
    if (element.isInteger() || element.isFloat()) {
      return (element.bitWidth() + 7) / 8;
    }
    return Long.BYTES;
  }

  /// A place of three or two indices.
  static List<Value> at(List<Value> first, Value second, Value third) {
    List<Value> place = new ArrayList<>(first);
    place.add(second);
    place.add(third);
    return place;
  }

  static Type bytesBuffer(MlirContext context, long size) {
    return Types.memref(new long[] {size}, Types.i(context, 8));
  }
}
