// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import kcc.mlir.diag.Diagnostic;

/// What a pass found out before it changes anything.
///
/// ```java
/// switch (analyze(loop)) {
///   case Analysis.Plan(SplitPlan plan) -> context.count("split", rewrite(loop, plan));
///   case Analysis.NotApplicable(String why) -> context.remark(loop, why);
///   case Analysis.Illegal(Diagnostic diagnostic) -> context.fail(diagnostic);
/// }
/// ```
public sealed interface Analysis<P> {
  /// The transformation can be made, and this is how.
  record Plan<P>(P plan) implements Analysis<P> {}

  /// There is nothing to do here, or it would not pay; a missed optimisation, no error.
  record NotApplicable<P>(String why) implements Analysis<P> {}

  /// The program cannot be compiled.
  record Illegal<P>(Diagnostic diagnostic) implements Analysis<P> {}
}
