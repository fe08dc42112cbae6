// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.List;
import kcc.mlir.ir.AffineExpression;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Uniform integers: constants, arithmetic that knows them, and bounds that follow from the launch space.
public final class Scalars {

  private Scalars() {}

  /// The value of a constant, or null.
  public static Long constant(Value value) {
    Operation op = value.definingOp();
    return op != null && op.is("arith.constant") && value.type().isInteger()
        ? op.attribute("value").asLong()
        : null;
  }

  public static boolean isConstant(Value value, long expected) {
    Long constant = constant(value);
    return constant != null && constant == expected;
  }

  /// Whether two are one value or constants of one value.
  public static boolean isSame(Value left, Value right) {
    Long known = constant(left);
    return left.equals(right) || known != null && known.equals(constant(right));
  }

  static Value multiply(OpBuilder builder, Value left, Value right) {
    if (isConstant(left, 1)) {
      return right;
    }
    return isConstant(right, 1)
        ? left
        : builder.create("arith.muli").operands(left, right).result(left.type()).value();
  }

  static Value multiply(OpBuilder builder, Value left, long right) {
    Long known = constant(left);
    return known != null ? builder.constant(left.type(), known * right)
        : multiply(builder, left, builder.constant(left.type(), right));
  }

  /// A signed number in a type that is not narrower.
  static Value widened(OpBuilder builder, Value value, Type type) {
    return type.equals(value.type()) ? value
        : builder.create(type.isIndex() ? "arith.index_cast" : "arith.extsi").operand(value).result(type).value();
  }

  public static Value compare(OpBuilder builder, String predicate, Value left, Value right) {
    Type i1 = Types.i(left.type().context(), 1);
    Type result = left.type().isTensor() ? TensorType.of(left.type()).withElement(i1).type() : i1;
    return builder
        .create("arith.cmpi")
        .attribute("predicate", Attributes.integer(Types.i(left.type().context(), 64), predicateCode(predicate)))
        .operands(left, right)
        .result(result)
        .value();
  }

  /// Codes of `arith::CmpIPredicate`.
  private static long predicateCode(String predicate) {
    return List.of("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge").indexOf(predicate);
  }

  /// Whether `offset < size` follows from how the size is computed, or from the launch space: the grid has exactly `size`
  /// programs along the axis that `offset` is the place in.
  static boolean isBelow(Value offset, Value size) {
    Operation sum = size.definingOp();
    if (sum != null && sum.is("arith.addi") && sum.operand(0).equals(offset) && isConstant(sum.operand(1), 1)) {
      return true;
    }
    Operation op = offset.definingOp();
    if (op != null && (op.is("arith.extsi") || op.is("arith.extui"))) {
      op = op.operand(0).definingOp();
    }
    if (op == null || !op.is("kcc.program_id") || !size.isBlockArgument()) {
      return false;
    }
    Operation function = size.ownerBlock().parentOp();
    if (!function.is("gpu.func") || !function.hasAttribute("kcc.grid")) {
      return false;
    }
    int axis = (int) op.attribute("axis").asLong();
    List<AffineExpression> grid = function.attribute("kcc.grid").asAffineMap().results();
    List<Attribute> symbols = function.attribute("kcc.grid_symbols").asList();
    return axis < grid.size()
        && grid.get(axis) instanceof AffineExpression.Symbol(int position)
        && symbols.get(position).asString().equals(Arguments.name(function, size.index()));
  }

  /// Whether `offset + extent <= size` follows from constants, from the loop that `offset` counts, or from the launch space.
  static boolean isBelow(Value offset, long extent, Value size) {
    if (extent == 1 && isBelow(offset, size)) {
      return true;
    }
    Long start = constant(offset);
    Long end = constant(size);
    return start != null && end != null ? start + extent <= end : isBelowInLoop(offset, extent, size);
  }

  /// A loop that takes whole steps only ends before its bound does, and the bound may be the size.
  private static boolean isBelowInLoop(Value offset, long extent, Value size) {
    WholeSteps steps = WholeSteps.ofCounter(offset);
    if (steps == null || extent > steps.step()) {
      return false;
    }
    Long end = constant(steps.end());
    Long limit = constant(size);
    return steps.end().equals(size) || end != null && limit != null && end <= limit;
  }
}
