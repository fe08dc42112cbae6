// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What `kcc tune` puts into a bundle.
package kcc.cli.tune;
