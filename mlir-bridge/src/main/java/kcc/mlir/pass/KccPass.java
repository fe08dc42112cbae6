// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import kcc.mlir.ir.Operation;

/// A pass written in Java. It has no state: everything comes with the context.
public interface KccPass {
  PassInfo info();

  /// Transforms one operation that has the name `info().anchor()`.
  ///
  /// Reads first ([Analysis]); after its first change it either succeeds or aborts the compile by throwing.
  void run(Operation anchor, PassContext context);
}
