// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.ir;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.raw.Mlir;

/// Upstream's polynomial approximations of elementary functions in f32.
public final class MathExpansion {
  private MathExpansion() {}

  /// Expands the named operations (`math.erf`) below an operation into arithmetic; f16 and bf16 are computed in f32.
  ///
  /// @throws MlirException when the rewrite does not converge
  public static void expand(Operation root, Iterable<String> names) {
    try (NativeText text = new NativeText(String.join(",", names))) {
      if (!Mlir.kccExpandMath(root.raw(), text.reference())) {
        throw new MlirException(
            List.of(Diagnostic.error(null, root.location().toSource(), "the expansion of math operations does not converge")));
      }
    }
  }
}
