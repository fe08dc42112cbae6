// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Value;

/// Elements of operands that may be tiles or scalars. Tiles are made readable where the reader is made, which is
/// ahead of the loop that reads them.
final class Reader {
  private final Map<Value, Value> buffers = new HashMap<>();

  /// @param operands may be null where an operand is absent
  Reader(CodeBuilder code, Value... operands) {
    for (Value operand : operands) {
      if (operand != null && operand.type().isTensor() && !buffers.containsKey(operand)) {
        buffers.put(operand, code.contents(operand));
      }
    }
  }

  /// The element at `place`; a scalar is the same everywhere.
  Value get(CodeBuilder at, Value operand, List<Value> place) {
    return operand.type().isTensor() ? at.load(buffers.get(operand), place) : operand;
  }
}
