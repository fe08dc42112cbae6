// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Passes of the asynchronous level: kernels whose warps have different tasks and hand each other tiles through channels.
package kcc.passes.asynchronous;
