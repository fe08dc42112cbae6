// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.scheduler.machine.Isa;

/// Quotients of several numbers by one, the elements of a row by their sum, say: one reciprocal and two products each.
///
/// ```
/// %scale = 2^64 where |%y| < 2^-126, 2^-64 where |%y| > 2^126, else 1
/// %r = 1 / (%y * %scale)
/// %x0 / %y  =  %x0 * %scale * %r
/// ```
///
/// The scale keeps the reciprocal from overflow and from the numbers below the least normal one.
final class SharedDivisors {
  /// A reciprocal with its scale costs about as much as two quotients.
  private static final int ENOUGH = 4;

  private SharedDivisors() {}

  /// Replaces quotients of f32 by divisors that are shared, and gives the functions that are left.
  static List<Operation> rewrite(List<Operation> functions, Isa.Family family) {
    Map<Value, List<Operation>> byDivisor = new LinkedHashMap<>();
    for (Operation op : functions) {
      if (op.is("arith.divf") && op.operand(1).type().bitWidth() == Float.SIZE) {
        byDivisor.computeIfAbsent(op.operand(1), _ -> new ArrayList<>()).add(op);
      }
    }
    List<Operation> left = new ArrayList<>(functions);
    for (List<Operation> together : byDivisor.values()) {
      if (together.size() >= ENOUGH) {
        left.removeAll(new HashSet<>(together));
        rewriteGroup(together, family);
      }
    }
    return left;
  }

  /// Before the first quotient; behind the divisor where quotients are in several branches.
  private static OpBuilder where(List<Operation> together) {
    Operation first = together.getFirst();
    if (together.stream().allMatch(op -> op.block().equals(first.block()))) {
      return OpBuilder.before(first);
    }
    Value divisor = first.operand(1);
    return divisor.isBlockArgument() ? OpBuilder.atStart(divisor.ownerBlock()) : OpBuilder.after(divisor.definingOp());
  }

  /// @param together in the order of the text
  private static void rewriteGroup(List<Operation> together, Isa.Family family) {
    Operation first = together.getFirst();
    ElementaryFunctions functions = new ElementaryFunctions(where(together).at(first.location()), family);
    ElementaryFunctions.Reciprocal reciprocal = functions.reciprocal(first.operand(1));
    for (Operation op : together) {
      ElementaryFunctions here = new ElementaryFunctions(OpBuilder.before(op).at(op.location()), family);
      op.result().replaceAllUsesWith(here.divide(op.operand(0), reciprocal));
      op.erase();
    }
  }
}
