// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// The typed Java face of MLIR.
///
/// Handles ([Operation], [Value], [Block], [Region], [Type], [Attribute], [Location]) are a context and an address;
/// they own nothing and are equal when they mean the same thing. What owns native memory is [AutoCloseable]:
/// [MlirContext] and [OwnedModule]. A handle must not be used after its owner is closed or its operation is erased.
///
/// A context and everything in it belongs to one thread at a time; several threads work on a context each.
package kcc.mlir.ir;
