// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.targets.binary.OffloadBinary;
import kcc.targets.binary.OffloadImage;

/// What a compile gave: kernels in the order of the file, each for its targets in the order asked for.
///
/// @param said remarks and warnings
public record CompileResult(List<CompiledKernel> kernels, List<Diagnostic> said) {
  public CompileResult {
    kernels = List.copyOf(kernels);
    said = List.copyOf(said);
  }

  /// The bytes of a `.kcc` file with all images.
  public byte[] fatBinary() {
    List<OffloadImage> images = new ArrayList<>();
    for (CompiledKernel kernel : kernels) {
      images.add(kernel.image());
    }
    return OffloadBinary.write(images);
  }
}
