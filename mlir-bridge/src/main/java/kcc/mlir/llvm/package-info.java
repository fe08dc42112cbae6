// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// From MLIR to machine code with LLVM: translation, linking, optimisation, code generation, and running in place.
package kcc.mlir.llvm;
