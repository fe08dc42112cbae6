// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.syntax;

public enum UnaryOperator {
  MINUS("-"),
  PLUS("+"),
  INVERT("~"),
  NOT("not");

  private final String symbol;

  UnaryOperator(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }
}
