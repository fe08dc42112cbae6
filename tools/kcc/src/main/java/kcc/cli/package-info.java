// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The command `kcc`: one class for each subcommand, thin over `kcc.driver` and `kcc.launcher`.
package kcc.cli;
