// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What `kcc bundle` puts into a folder.
package kcc.cli.bundle;
