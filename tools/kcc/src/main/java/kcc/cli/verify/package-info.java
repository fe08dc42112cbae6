// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Finding what `kcc verify` verifies.
package kcc.cli.verify;
