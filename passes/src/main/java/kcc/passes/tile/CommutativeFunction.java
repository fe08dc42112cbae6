// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Whether the combine function of a reduction provably gives the same with its arguments exchanged.
///
/// Its expressions are written down twice, the second time with the arguments exchanged; operands of operations that
/// commute are put in order first. What is equal then is equal whatever the values are.
///
/// ```text
///   (a, aa, b, bb) -> (a + b, aa + bb)      add(a, b), add(aa, bb)  both times
///   (a, b) -> a - b                         sub(a, b)  and  sub(b, a)
/// ```
final class CommutativeFunction {
  private static final Set<String> COMMUTATIVE = Set.of("arith.addf", "arith.mulf", "arith.addi", "arith.muli", "arith.andi",
      "arith.ori", "arith.xori", "arith.maximumf", "arith.minimumf", "arith.maxnumf", "arith.minnumf", "arith.maxsi",
      "arith.minsi", "arith.maxui", "arith.minui");

  private CommutativeFunction() {}

  static boolean isIn(Operation reduction) {
    Block body = reduction.region(0).first();
    int operands = body.argumentCount() / 2;
    Map<Value, String> straight = new HashMap<>();
    Map<Value, String> exchanged = new HashMap<>();
    for (int i = 0; i < 2 * operands; i++) {
      straight.put(body.argument(i), "%" + i);
      exchanged.put(body.argument(i), "%" + (i < operands ? i + operands : i - operands));
    }
    for (Value yielded : body.terminator().operands()) {
      if (!text(yielded, straight).equals(text(yielded, exchanged))) {
        return false;
      }
    }
    return true;
  }

  private static String text(Value value, Map<Value, String> known) {
    String text = known.get(value);
    if (text != null) {
      return text;
    }
    Operation op = value.definingOp();
    if (op == null) {
      return value.toString();
    }
    List<String> operands = new ArrayList<>();
    op.operands().forEach(operand -> operands.add(text(operand, known)));
    if (COMMUTATIVE.contains(op.name())) {
      Collections.sort(operands);
    }
    text = op.name() + op.attributes() + value.type() + operands + (op.regionCount() == 0 ? "" : op.toString());
    known.put(value, text);
    return text;
  }
}
