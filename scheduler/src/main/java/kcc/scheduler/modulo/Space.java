// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// A memory that buffers between operations take their slots from: shared memory, tensor memory.
///
/// @param capacity in the unit in which slots are counted (bytes, columns)
public record Space(String name, long capacity) {}
