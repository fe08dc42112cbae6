// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The command `kcc-opt`: runs passes over textual MLIR, with the flags of `mlir-opt`.
package kcc.opt;
