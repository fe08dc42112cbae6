// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** Kernels in a Maven build. The compiler runs as a process of its own: LLVM may abort the one it lives in. */
package kcc.maven;
