// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/// Finds what may touch bytes that another thread of the block touched since the last barrier, and so needs a barrier in
/// front of it.
///
/// Forward data flow over what was touched since the last barrier: union where paths meet, a fixpoint in loops. An exchange
/// ends everything older by its own inner barrier, so that only the reads of its own scratch are left. Its writes are never
/// left: whoever writes also reads, behind a barrier.
///
/// ```text
///   A: [0, 64)  B: [64, 128)            A, B, A, B     no barrier: B's inner barrier ends A's reads
///   A: [0, 64)  alone in a loop         one barrier:   A may overwrite what the last iteration still reads
///   load X[i], store X[i + 1]           one barrier:   the element may not be read yet by the thread that wants it
/// ```
public final class BarrierPlacement {
    private final Set<Object> waiting = new LinkedHashSet<>();

    private BarrierPlacement() {}

    /// What was touched since the last barrier.
    private record State(Set<ByteInterval> reading, Set<Flow.Touch<?>> touched) {
        static final State NOTHING = new State(Set.of(), Set.of());

        State with(Flow.Touch<?> touch) {
            Set<Flow.Touch<?>> more = new HashSet<>(touched);
            more.add(touch);
            return new State(reading, more);
        }

        State or(State other) {
            Set<ByteInterval> both = new HashSet<>(reading);
            both.addAll(other.reading);
            Set<Flow.Touch<?>> all = new HashSet<>(touched);
            all.addAll(other.touched);
            return new State(both, all);
        }

        /// As seen by the next iteration, in which a place computed in the loop is another one.
        State anIterationLater() {
            Set<Flow.Touch<?>> later = new HashSet<>();
            for (Flow.Touch<?> touch : touched) {
                later.add(new Flow.Touch<>(touch.key(), touch.root(), touch.kind(), null));
            }
            return new State(reading, later);
        }
    }

    /// The keys of the exchanges and accesses that need a barrier in front of them.
    public static Set<Object> of(Flow flow) {
        BarrierPlacement placement = new BarrierPlacement();
        placement.through(flow, State.NOTHING);
        return placement.waiting;
    }

    /// The state behind the flow, given that before it. Marks are only ever added, and one found on the way to a fixpoint is
    /// right: the sets grow, so what conflicts once conflicts in the end.
    private State through(Flow flow, State state) {
        return switch (flow) {
            case Flow.Exchange<?>(Object key, ByteInterval scratch) -> {
                for (ByteInterval other : state.reading) {
                    if (scratch.overlaps(other)) {
                        waiting.add(key);
                    }
                }
                yield new State(Set.of(scratch), Set.of());
            }
            case Flow.Touch<?> touch -> {
                boolean mustWait = waiting.contains(touch.key());
                for (Flow.Touch<?> other : state.touched) {
                    mustWait |= conflict(touch, other);
                }
                if (mustWait) {
                    waiting.add(touch.key());
                }
                boolean isFirstStep = !(touch.key() instanceof Flow.Behind<?>);
                yield (mustWait && isFirstStep ? State.NOTHING : state).with(touch);
            }
            case Flow.Barrier _ -> State.NOTHING;
            case Flow.Sequence(var steps) -> {
                State behind = state;
                for (Flow step : steps) {
                    behind = through(step, behind);
                }
                yield behind;
            }
            case Flow.Choice(var branches) -> {
                State behind = State.NOTHING;
                for (Flow branch : branches) {
                    behind = behind.or(through(branch, state));
                }
                yield behind;
            }
            case Flow.Loop(Flow body) -> {
                State behind = state;
                State before;
                do {
                    before = behind;
                    behind = before.or(through(body, before).anIterationLater());
                } while (!behind.equals(before));
                yield behind;
            }
        };
    }

    /// Updates that are atomic do not disturb each other.
    private static boolean conflict(Flow.Touch<?> first, Flow.Touch<?> second) {
        boolean mayBeOneArray = first.root() == null || second.root() == null || first.root().equals(second.root());
        boolean isHarmless = first.kind() == second.kind() && first.kind() != Flow.Kind.WRITE;
        boolean isOwn = first.place() != null && first.place().equals(second.place());
        return mayBeOneArray && !isHarmless && !isOwn;
    }
}
