// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.pass;

/// Something a pass counts, such as the loops it has split.
public record Statistic(String name, String summary) {}
