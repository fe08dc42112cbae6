// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

/// Whether an asynchronous program can neither hang nor read or overwrite what it must not.
///
/// A [kcc.passes.protocol.Protocol] is what is left of a kernel when everything but its synchronization is taken away:
/// groups of threads that wait, arrive, start copies and products, and name the slots of memory that these touch. It knows
/// neither tiles nor chips; barriers with phases, named barriers and counted waits are all it takes for every target.
package kcc.passes.protocol;
