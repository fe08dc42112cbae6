// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// The size of a kernel's arguments in memory.
public final class ArgumentBytes {
  private ArgumentBytes() {}

  /// Each argument at a multiple of its size, as C lays out a struct, and tensor maps by value.
  public static int of(Operation function) {
    int bytes = 0;
    List<Value> arguments = function.region(0).first().arguments();
    int maps = TensorMaps.of(function).size();
    for (Value argument : arguments.subList(0, arguments.size() - maps)) {
      Type type = argument.type();
      int size = type.isLlvmPointer() ? 8 : Math.max(1, type.bitWidth() / 8);
      bytes = aligned(bytes, size) + size;
    }
    return maps == 0 ? bytes : aligned(bytes, TensorMaps.ALIGNMENT) + maps * TensorMaps.BYTES;
  }

  private static int aligned(int bytes, int step) {
    return (bytes + step - 1) / step * step;
  }
}
