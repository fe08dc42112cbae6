// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What is to be measured on one chip.
///
/// @param compiler versions of everything that took part in making the candidates
public record Tuning(String chip, Map<String, String> compiler, List<KernelTuning> kernels) {
  public Tuning {
    compiler = new TreeMap<>(compiler);
    kernels = List.copyOf(kernels);
  }
}
