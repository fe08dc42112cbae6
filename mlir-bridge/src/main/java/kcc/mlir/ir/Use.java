// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

/// One use of a value: operand number `operand` of `owner`.
public record Use(Operation owner, int operand) {}
