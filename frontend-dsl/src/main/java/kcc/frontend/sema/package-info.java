// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Meaning: names, compile-time values, types, shapes and the builtins of both spellings. A kernel and what is given
/// from outside become a `TileProgram`, whose operations are those of the tile level of the IR. Needs no native code.
package kcc.frontend.sema;
