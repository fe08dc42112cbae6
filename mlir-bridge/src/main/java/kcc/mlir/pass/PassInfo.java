// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is to be known about a pass without running it: the source of `--help`, of the documentation, of timing and
/// counters, and of the check of a pipeline's order.
///
/// @param flag     name in pipelines and on the command line, such as `kcc-partition-loops`
/// @param requires facts about the IR that must hold before, such as `layouts`
/// @param produces facts that hold afterwards
/// @param anchor   operation the pass runs on, such as `gpu.func`, or [#ANY]
public record PassInfo(
    String flag,
    String summary,
    Set<String> requires,
    Set<String> produces,
    List<Statistic> statistics,
    List<Option> options,
    String anchor) {

  /// Anchor of a pass that runs on whatever operation the pipeline puts it on.
  public static final String ANY = "any";

  public PassInfo {
    if (!flag.matches("[a-z][a-z0-9-]*")) {
      throw new IllegalArgumentException("'" + flag + "' is no flag: lower-case words with '-' between them");
    }
    requires = Set.copyOf(requires);
    produces = Set.copyOf(produces);
    statistics = List.copyOf(statistics);
    options = List.copyOf(options);
    requireDistinct(flag, statistics.stream().map(Statistic::name).toList());
    requireDistinct(flag, options.stream().map(Option::name).toList());
  }

  private static void requireDistinct(String flag, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException("pass '" + flag + "' declares '" + name + "' twice");
      }
    }
  }
}
