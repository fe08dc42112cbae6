// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import java.util.HashMap;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// What a result in f32 may be off by, and what is known of its size.
///
/// A result all of whose uses end in a rounding to 16 bits or fewer need not be right to its last bits: half a unit in the
/// last place of f16 is 2^-12, of bf16 2^-9. Between it and that rounding only what passes a relative error on as it is
/// may stand: products, quotients, signs, choices, and sums of numbers of one sign. Where other numbers are added or a
/// comparison looks at it, all bits may matter.
final class Tolerance {
  private static final int NARROW_BITS = 16;
  /// Steps on the way to the rounding: with each at most a few units in the last place of f32 are added.
  private static final int MOST_STEPS = 16;

  private final Map<Value, Boolean> known = new HashMap<>();

  /// Whether a relative error of some 2^-17 shows in nothing that leaves the registers.
  boolean isWide(Value value) {
    return isWide(value, 0);
  }

  private boolean isWide(Value value, int steps) {
    if (steps > MOST_STEPS || !isSingle(value.type()) || !value.isUsed()) {
      return false;
    }
    Boolean answer = known.get(value);
    if (answer == null) {
      answer = value.uses().stream().allMatch(use -> passes(use, steps));
      known.put(value, answer);
    }
    return answer;
  }

  private boolean passes(Use use, int steps) {
    Operation op = use.owner();
    return switch (op.name()) {
      case "arith.truncf" -> op.result().type().bitWidth() <= NARROW_BITS;
      case "arith.mulf", "arith.divf", "arith.negf", "math.absf" -> isWide(op.result(), steps + 1);
      case "arith.addf" -> isNotNegative(op.operand(0)) && isNotNegative(op.operand(1)) && isWide(op.result(), steps + 1);
      case "arith.select" -> use.operand() > 0 && isWide(op.result(), steps + 1);
      default -> false;
    };
  }

  private static boolean isSingle(Type type) {
    return type.isFloat() && type.bitWidth() == Float.SIZE;
  }

  /// Whether a number is 0 or more, or no number.
  static boolean isNotNegative(Value value) {
    Double constant = constant(value);
    if (constant != null) {
      return constant >= 0;
    }
    Operation op = value.definingOp();
    return op != null && switch (op.name()) {
      case "math.exp", "math.exp2", "math.absf" -> true;
      case "arith.addf", "arith.divf" -> isNotNegative(op.operand(0)) && isNotNegative(op.operand(1));
      case "arith.mulf" -> op.operand(0).equals(op.operand(1)) || isNotNegative(op.operand(0)) && isNotNegative(op.operand(1));
      default -> false;
    };
  }

  /// Whether a number is 1 or more, or no number.
  static boolean isAtLeastOne(Value value) {
    Double constant = constant(value);
    if (constant != null) {
      return constant >= 1;
    }
    Operation op = value.definingOp();
    return op != null && op.is("arith.addf")
        && (isAtLeastOne(op.operand(0)) && isNotNegative(op.operand(1))
            || isAtLeastOne(op.operand(1)) && isNotNegative(op.operand(0)));
  }

  /// The value of a constant, or null.
  static Double constant(Value value) {
    Operation op = value.definingOp();
    return op != null && op.is("arith.constant") && value.type().isFloat() ? (Double) op.attribute("value").asDouble() : null;
  }
}
