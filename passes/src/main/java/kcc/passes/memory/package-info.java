// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Shared memory of a block: where scratch buffers lie and where the block must wait before one is used again.
package kcc.passes.memory;
