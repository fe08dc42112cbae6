// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
/// What JavaCPP has to know to bind the C interfaces of MLIR, LLVM and the shim.
package kcc.mlir.preset;
