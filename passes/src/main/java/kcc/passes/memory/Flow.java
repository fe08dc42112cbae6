// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.List;

/// A program reduced to its uses of memory that several threads of a block touch.
public sealed interface Flow {
    /// All threads write the interval, wait for each other and read it: an exchange between threads through scratch.
    ///
    /// @param key what stands for this exchange in the result
    record Exchange<K>(K key, ByteInterval scratch) implements Flow {}

    /// The threads touch global memory.
    ///
    /// @param key    what stands for this access in the result
    /// @param root   the array; null if it may be any
    /// @param place  equal for accesses in which each thread touches the same elements and no other thread does; null if
    ///     nothing is known
    record Touch<K>(K key, Object root, Kind kind, Object place) implements Flow {}

    enum Kind { READ, WRITE, ATOMIC }

    /// The key of what an operation does behind its first step: a barrier it needs stands before the operation, and so
    /// before that step too.
    record Behind<K>(K first) {}

    /// All threads wait for each other.
    record Barrier() implements Flow {}

    /// One after the other.
    record Sequence(List<Flow> steps) implements Flow {
        public Sequence {
            steps = List.copyOf(steps);
        }
    }

    /// One of these, the same for all threads.
    record Choice(List<Flow> branches) implements Flow {
        public Choice {
            branches = List.copyOf(branches);
        }
    }

    /// Any number of times, perhaps none.
    record Loop(Flow body) implements Flow {}
}
