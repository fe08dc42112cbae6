// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Programs whose types are settled, spelled in MLIR.
package kcc.frontend.emit;
