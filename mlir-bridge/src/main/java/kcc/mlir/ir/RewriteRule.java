// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

/// Rewrites operations of one name where it can.
@FunctionalInterface
public interface RewriteRule {
  /// Looks at an operation, and either changes IR through the rewriter only and returns true, or changes nothing and
  /// returns false.
  boolean rewrite(Operation operation, Rewriter rewriter);
}
