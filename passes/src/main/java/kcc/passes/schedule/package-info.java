// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// What the passes made of a kernel whose warps have different tasks, as data: its groups, channels and memory, and each
/// loop that they run together as a problem of the modulo scheduler.
package kcc.passes.schedule;
