// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Passes written in Java, and pipelines that mix them with MLIR's own.
///
/// What a pass is called and needs ([PassInfo]), the order of a pipeline and its text can be read and checked
/// without loading native code; only running a pipeline needs it.
package kcc.mlir.pass;
