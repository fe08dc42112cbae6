// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.verify;

import java.util.List;
import java.util.Map;
import kcc.launcher.HostArray;

/**
 * The arguments of one launch.
 *
 * @param sizes by name
 * @param inputs content of the arrays that the kernel reads, by parameter
 * @param shapes of all arrays, by parameter
 * @param scalars by parameter
 * @param shared read-only arrays that lie in the memory of another one, by parameter
 * @param grid empty for kernels with a grid of their own
 */
record DrawnCase(
    int index,
    Distribution distribution,
    Map<String, Long> sizes,
    Map<String, HostArray> inputs,
    Map<String, List<Long>> shapes,
    Map<String, Number> scalars,
    Map<String, String> shared,
    List<Long> grid) {}
