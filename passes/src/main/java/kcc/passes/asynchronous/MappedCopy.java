// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.Map;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Copies of operations into another function, where other values stand for theirs.
final class MappedCopy {
  private MappedCopy() {}

  /// Inserts a copy whose operands, and those of what is inside, are replaced as far as `values` knows them, and adds its
  /// results to `values`.
  static Operation insert(Operation op, Map<Value, Value> values, OpBuilder builder) {
    Operation copy = builder.insert(op.copy());
    copy.walkPreOrder(inner -> {
      for (int i = 0; i < inner.operandCount(); i++) {
        Value value = values.get(inner.operand(i));
        if (value != null) {
          inner.setOperand(i, value);
        }
      }
    });
    for (int i = 0; i < op.resultCount(); i++) {
      values.put(op.result(i), copy.result(i));
    }
    return copy;
  }
}
