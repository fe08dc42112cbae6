// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Operation;
import kcc.passes.channel.BufferType;

/// A tile that a group's own threads compute and write into a slot.
///
/// @param why the copy engine does not bring it
record ComputedFactor(Operation op, BufferType buffer, String why) implements Factor {}
