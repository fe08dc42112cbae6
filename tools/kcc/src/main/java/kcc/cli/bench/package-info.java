// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Lists of benchmarks, what is compiled for them, and how their results are shown.
package kcc.cli.bench;
