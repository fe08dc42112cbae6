// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import static kcc.mlir.raw.Mlir.*;

import java.util.List;
import kcc.mlir.raw.MlirAffineExpr;

/// An affine expression as a tree, free of MLIR: what launchers write into manifests and evaluate.
public sealed interface AffineExpression {
  record Constant(long value) implements AffineExpression {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  record Dimension(int position) implements AffineExpression {
    @Override
    public String toString() {
      return "d" + position;
    }
  }

  record Symbol(int position) implements AffineExpression {
    @Override
    public String toString() {
      return "s" + position;
    }
  }

  record Binary(Operator operator, AffineExpression left, AffineExpression right) implements AffineExpression {
    @Override
    public String toString() {
      return "(" + left + " " + operator.spelling() + " " + right + ")";
    }
  }

  /// Spelled as MLIR prints them. Division and remainder are by positive numbers; the remainder is never negative.
  enum Operator {
    ADD("+"),
    MULTIPLY("*"),
    REMAINDER("mod"),
    FLOOR_DIVIDE("floordiv"),
    CEILING_DIVIDE("ceildiv");

    private final String spelling;

    Operator(String spelling) {
      this.spelling = spelling;
    }

    public String spelling() {
      return spelling;
    }

    long apply(long left, long right) {
      if (this != ADD && this != MULTIPLY && right <= 0) {
        throw new ArithmeticException(left + " " + spelling + " " + right + ": the divisor must be positive");
      }
      return switch (this) {
        case ADD -> Math.addExact(left, right);
        case MULTIPLY -> Math.multiplyExact(left, right);
        case REMAINDER -> Math.floorMod(left, right);
        case FLOOR_DIVIDE -> Math.floorDiv(left, right);
        case CEILING_DIVIDE -> Math.ceilDiv(left, right);
      };
    }
  }

  static AffineExpression of(MlirAffineExpr raw) {
    if (mlirAffineExprIsAConstant(raw)) {
      return new Constant(mlirAffineConstantExprGetValue(raw));
    }
    if (mlirAffineExprIsADim(raw)) {
      return new Dimension(Math.toIntExact(mlirAffineDimExprGetPosition(raw)));
    }
    if (mlirAffineExprIsASymbol(raw)) {
      return new Symbol(Math.toIntExact(mlirAffineSymbolExprGetPosition(raw)));
    }
    return new Binary(
        operator(raw), of(mlirAffineBinaryOpExprGetLHS(raw)), of(mlirAffineBinaryOpExprGetRHS(raw)));
  }

  private static Operator operator(MlirAffineExpr raw) {
    if (mlirAffineExprIsAAdd(raw)) {
      return Operator.ADD;
    }
    if (mlirAffineExprIsAMul(raw)) {
      return Operator.MULTIPLY;
    }
    if (mlirAffineExprIsAMod(raw)) {
      return Operator.REMAINDER;
    }
    return mlirAffineExprIsAFloorDiv(raw) ? Operator.FLOOR_DIVIDE : Operator.CEILING_DIVIDE;
  }

  /// @throws ArithmeticException when a value does not fit 64 bits or a divisor is not positive
  default long evaluate(List<Long> dimensions, List<Long> symbols) {
    return switch (this) {
      case Constant(long value) -> value;
      case Dimension(int position) -> dimensions.get(position);
      case Symbol(int position) -> symbols.get(position);
      case Binary(Operator operator, AffineExpression left, AffineExpression right) ->
          operator.apply(left.evaluate(dimensions, symbols), right.evaluate(dimensions, symbols));
    };
  }
}
