// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/**
 * Verifies kernels: random shapes and inputs, a launch between guard zones, and a comparison with the reference image in
 * f64. Serves {@code kcc verify} and bundles, and depends on no compiler.
 */
package kcc.launcher.verify;
