// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bundle;

import java.nio.file.Path;
import java.util.List;
import kcc.cli.bench.BenchBuild;
import kcc.cli.tune.TuneBuild;
import kcc.cli.verify.VerifyBuild;

/// What goes into a bundle.
///
/// @param files compiled kernels
/// @param tests self-tests as text, see [TestSpecification]
/// @param verify compiled kernels to verify, or null for none
/// @param bench compiled benchmarks, or null for none
/// @param tune candidates to be measured, or null for none
public record BundleContents(List<Path> files, List<String> tests, VerifyBuild verify, BenchBuild bench, TuneBuild tune) {
  public BundleContents {
    files = List.copyOf(files);
    tests = List.copyOf(tests);
  }
}
