// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** Runs images for the processor: kernels compiled for the CPU, and the references that others are compared with. */
package kcc.launcher.cpu;
