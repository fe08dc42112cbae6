// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// Finds the exchanges that may touch bytes which another thread may still be reading since the last barrier, and so need
/// a barrier in front of them.
///
/// Forward data flow over the set of intervals read since the last barrier: union where paths meet, a fixpoint in loops.
/// An exchange ends every older read by its own inner barrier, so only its own scratch is left. An interval written since
/// the last barrier cannot occur: whoever writes also reads, behind a barrier.
///
/// ```text
///   A: [0, 64)  B: [64, 128)            A, B, A, B     no barrier: B's inner barrier ends A's reads
///   A: [0, 64)  alone in a loop         one barrier:   A may overwrite what the last iteration still reads
/// ```
public final class BarrierPlacement {
    private final Set<Object> waiting = new LinkedHashSet<>();

    private BarrierPlacement() {}

    /// The keys of the exchanges that need a barrier in front of them.
    public static Set<Object> of(Flow flow) {
        BarrierPlacement placement = new BarrierPlacement();
        placement.through(flow, Set.of());
        return placement.waiting;
    }

    /// The intervals being read behind the flow, given those before it. Marks are only ever added, and a mark found on the
    /// way to a fixpoint is right: the sets grow, so what conflicts once conflicts in the end.
    private Set<ByteInterval> through(Flow flow, Set<ByteInterval> reading) {
        return switch (flow) {
            case Flow.Exchange<?>(Object key, ByteInterval scratch) -> {
                for (ByteInterval other : reading) {
                    if (scratch.overlaps(other)) {
                        waiting.add(key);
                    }
                }
                yield Set.of(scratch);
            }
            case Flow.Barrier _ -> Set.of();
            case Flow.Sequence(var steps) -> {
                Set<ByteInterval> state = reading;
                for (Flow step : steps) {
                    state = through(step, state);
                }
                yield state;
            }
            case Flow.Choice(var branches) -> {
                Set<ByteInterval> state = new HashSet<>();
                for (Flow branch : branches) {
                    state.addAll(through(branch, reading));
                }
                yield state;
            }
            case Flow.Loop(Flow body) -> {
                Set<ByteInterval> state = new HashSet<>(reading);
                while (state.addAll(through(body, Set.copyOf(state)))) {
                    // The body is seen again with what its own last iteration leaves behind.
                }
                yield state;
            }
        };
    }
}
