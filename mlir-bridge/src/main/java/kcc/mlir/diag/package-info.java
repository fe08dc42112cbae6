// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What the compiler says to its user: diagnostics with code, place, notes and help, how they are
/// printed, and the exceptions that stand for the outcomes of a compile. Needs no native code.
package kcc.mlir.diag;
