// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend;

import java.util.List;
import kcc.frontend.sema.Kernel;
import kcc.mlir.diag.Diagnostic;

/// The kernels of a file and what is wrong with its syntax. With errors the kernels are those that could be read.
public record ParsedFile(String file, List<Kernel> kernels, List<Diagnostic> diagnostics) {
  public ParsedFile {
    kernels = List.copyOf(kernels);
    diagnostics = List.copyOf(diagnostics);
  }

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  /// The kernel of that name, or null.
  public Kernel kernel(String name) {
    return kernels.stream().filter(kernel -> kernel.name().equals(name)).findFirst().orElse(null);
  }
}
