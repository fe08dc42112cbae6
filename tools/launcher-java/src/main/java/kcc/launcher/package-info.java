// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** Loads compiled kernels from a {@code .kcc} file and launches them on a device, from Java 17 on. */
package kcc.launcher;
