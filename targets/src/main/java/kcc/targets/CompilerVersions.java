// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets;

import java.util.LinkedHashMap;
import java.util.Map;
import kcc.mlir.raw.Mlir;
import org.bytedeco.javacpp.IntPointer;

/// Versions of everything that took part in a compile, for manifests.
public final class CompilerVersions {
  private CompilerVersions() {}

  /// kcc and LLVM, in this order; targets add their tools.
  public static Map<String, String> common() {
    Map<String, String> versions = new LinkedHashMap<>();
    String kcc = CompilerVersions.class.getPackage().getImplementationVersion();
    versions.put("kcc", kcc == null ? "development" : kcc);
    try (IntPointer numbers = new IntPointer(3)) {
      Mlir.LLVMGetVersion(numbers, new IntPointer(numbers).position(1), new IntPointer(numbers).position(2));
      versions.put("llvm", numbers.get(0) + "." + numbers.get(1) + "." + numbers.get(2));
    }
    return versions;
  }
}
