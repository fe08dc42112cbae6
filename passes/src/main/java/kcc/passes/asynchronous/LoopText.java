// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.Map;
import java.util.TreeMap;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// How a number is computed, as a text: equal in two functions with the same arguments exactly when the same operations
/// compute it from the same arguments.
final class LoopText {
  private LoopText() {}

  static String of(Value value) {
    Operation op = value.definingOp();
    if (op == null) {
      Operation owner = value.ownerBlock().parentOp();
      return owner.is("gpu.func") ? "a" + value.index() : owner.name() + depth(owner) + "." + value.index();
    }
    if (op.is("arith.constant")) {
      return op.attribute("value").toString();
    }
    StringBuilder text = new StringBuilder(op.name());
    if (op.resultCount() > 1) {
      text.append('#').append(value.index());
    }
    for (Map.Entry<String, Attribute> attribute : new TreeMap<>(op.attributes()).entrySet()) {
      text.append(' ').append(attribute.getKey()).append('=').append(attribute.getValue());
    }
    text.append('(');
    op.operands().forEach(operand -> text.append(of(operand)).append(' '));
    return text.append(')').toString();
  }

  private static int depth(Operation op) {
    int depth = 0;
    for (Operation parent = op.parent(); parent != null; parent = parent.parent()) {
      depth++;
    }
    return depth;
  }
}
