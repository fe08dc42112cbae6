// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// The size of a kernel's arguments in memory.
public final class ArgumentBytes {
  private ArgumentBytes() {}

  /// Each argument at a multiple of its size, as C lays out a struct.
  public static int of(Operation function) {
    int bytes = 0;
    for (Value argument : function.region(0).first().arguments()) {
      Type type = argument.type();
      int size = type.isLlvmPointer() ? 8 : Math.max(1, type.bitWidth() / 8);
      bytes = (bytes + size - 1) / size * size + size;
    }
    return bytes;
  }
}
