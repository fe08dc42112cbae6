// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.SourceLocation;

/// What was found by measuring, as the program of a bundle writes it.
///
/// @param compiler versions of what made the code that was measured
record TunedFile(Path file, String chip, Map<String, String> compiler, List<TunedKernel> kernels) {
  TunedFile {
    compiler = Map.copyOf(compiler);
    kernels = List.copyOf(kernels);
  }

  /// @param source see [SourceHash]
  /// @param types  of the elements of parameters
  record TunedKernel(String name, SourceLocation place, String source, Map<String, String> types, List<TunedSizes> classes) {
    TunedKernel {
      types = Map.copyOf(types);
      classes = List.copyOf(classes);
    }
  }

  /// @param base  name of the compiler's own variant that takes for granted of the sizes what candidates did
  /// @param start the point that the compiler takes by itself
  /// @param best  the point that won; null where the search has not come to its end
  record TunedSizes(SourceLocation place, Map<String, Long> sizes, String base, Map<String, Integer> start, Map<String, Integer> best) {
    TunedSizes {
      sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
      start = Collections.unmodifiableMap(new LinkedHashMap<>(start));
      best = best == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(best));
    }
  }
}
