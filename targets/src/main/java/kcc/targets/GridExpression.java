// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.util.List;
import kcc.mlir.ir.AffineExpression;

/// Writes affine expressions as the expressions of a manifest: names for symbols, few parentheses.
final class GridExpression {
  private GridExpression() {}

  static String of(AffineExpression expression, List<String> symbols) {
    return switch (expression) {
      case AffineExpression.Constant(long value) -> Long.toString(value);
      case AffineExpression.Symbol(int position) -> symbols.get(position);
      case AffineExpression.Dimension(int position) ->
          throw new IllegalArgumentException("a grid has no dimension d" + position);
      case AffineExpression.Binary(var operator, var left, var right) ->
          operand(left, symbols) + " " + operator.spelling() + " " + operand(right, symbols);
    };
  }

  private static String operand(AffineExpression expression, List<String> symbols) {
    String text = of(expression, symbols);
    boolean single = !(expression instanceof AffineExpression.Binary) && !text.startsWith("-");
    return single ? text : "(" + text + ")";
  }
}
