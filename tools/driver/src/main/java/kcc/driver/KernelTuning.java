// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is to be measured of one kernel on one chip, compiled.
///
/// @param source     hash of the kernel as far as it matters, see [SourceHash]
/// @param types      of the elements of its parameters
/// @param fatBinary  a variant for each candidate
/// @param leftOut    candidates that are not there, with the reason
public record KernelTuning(String kernel, String source, Map<String, String> types, List<SizeClass> classes, byte[] fatBinary,
    List<String> leftOut) {
  public KernelTuning {
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    classes = List.copyOf(classes);
    leftOut = List.copyOf(leftOut);
  }

  /// What is to be measured with one list of sizes.
  ///
  /// @param base       name of the variant of the compiler's own that takes for granted of the sizes what candidates do
  /// @param start      the candidate that the compiler would take anyway
  /// @param candidates points by the name of their variant in the fat binary
  public record SizeClass(Map<String, Long> sizes, String base, String start, Map<String, Map<String, Integer>> candidates) {
    public SizeClass {
      sizes = Collections.unmodifiableMap(new LinkedHashMap<>(sizes));
      candidates = Collections.unmodifiableMap(new LinkedHashMap<>(candidates));
    }
  }
}
