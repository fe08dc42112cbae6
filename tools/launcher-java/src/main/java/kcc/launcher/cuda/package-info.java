// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** NVIDIA devices through the CUDA driver interface. */
package kcc.launcher.cuda;
