// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;

/// The outcome of specializing a kernel: a program, or the errors that prevented it. Remarks come with both.
///
/// @param program null when there are errors
public record Specialization(TileProgram program, List<Diagnostic> diagnostics) {
  public Specialization {
    diagnostics = List.copyOf(diagnostics);
  }

  /// See [TileProgram#with].
  public Specialization with(Map<String, Long> divisors) {
    return program == null ? this : new Specialization(program.with(divisors), diagnostics);
  }
}
