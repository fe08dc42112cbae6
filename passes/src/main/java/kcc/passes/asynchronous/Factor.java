// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.passes.channel.BufferType;
import kcc.scheduler.machine.TensorCopyLimits;

/// A factor of a product that goes through a channel.
sealed interface Factor permits CopiedLoad, ComputedFactor {

  /// What gives the tile in the kernel as it was.
  Operation op();

  /// Where the tile lies in a slot.
  BufferType buffer();

  /// A buffer whose rows are those of the tile, in pieces as wide as a swizzle allows; null where no piece divides them.
  static BufferType buffer(TensorType tile, TensorCopyLimits limits) {
    long rowBytes = tile.shape().getLast() * tile.element().bitWidth() / Byte.SIZE;
    return limits.swizzleBytes().stream().filter(span -> rowBytes > 0 && rowBytes % span == 0).max(Integer::compare)
        .map(swizzle -> new BufferType(tile.shape(), tile.element(), swizzle, 1)).orElse(null);
  }
}
