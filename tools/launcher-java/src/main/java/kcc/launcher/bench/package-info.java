// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** Times kernels on a device, beside a copy of as many bytes. */
package kcc.launcher.bench;
