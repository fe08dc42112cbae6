// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** Runs the kernels of a bundle on the device of this machine and compares with shipped results. */
package kcc.launcher.selftest;
