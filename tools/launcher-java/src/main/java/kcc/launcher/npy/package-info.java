// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/** NumPy's {@code .npy} files, versions 1 to 3. */
package kcc.launcher.npy;
