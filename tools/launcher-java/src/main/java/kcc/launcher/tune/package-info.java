// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** Finds the fastest of a kernel's candidates by measuring, step by step, and keeps every measurement. */
package kcc.launcher.tune;
