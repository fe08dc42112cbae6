// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Types of channels and of the buffers in them, as every level needs them.
package kcc.passes.channel;
