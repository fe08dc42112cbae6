// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.util.List;
import java.util.Map;
import kcc.cli.run.KernelArgument;

/// A line of a benchmark list with values for its variables.
record BenchPoint(
    BenchLine line,
    Map<String, String> defines,
    List<KernelArgument> arguments,
    List<Long> grid,
    Map<String, Long> variables) {}
