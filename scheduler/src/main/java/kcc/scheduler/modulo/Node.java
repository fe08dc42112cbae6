// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

/// One operation of the loop body. All times are in cycles.
///
/// @param unit      the unit it occupies, or null
/// @param occupancy how long the unit is busy with it
/// @param issue     how long its group's instruction stream is held: the whole operation where it blocks, the few cycles
///                  of starting it where it completes on its own
/// @param latency   from its start until its result can be used
/// @param reads     from its start until its operands in memory have been read
/// @param streaming whether nobody can say when it completes (loads from device memory): it waits for room and must not
///                  hold up others, so it shares its group with others of its kind only
/// @param group     the only group that may run it, or null
public record Node(String name, String unit, int occupancy, int issue, int latency, int reads, boolean streaming,
    String group) {}
