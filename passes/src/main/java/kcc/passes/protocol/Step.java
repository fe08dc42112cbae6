// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.List;

/// What an agent does in turn.
public sealed interface Step {
  /// A place in the ring of a barrier or buffer.
  record At(String ring, Position position) {}

  /// @param counter loops of several agents that run in step have counters of one name
  record Loop(String counter, Trips trips, List<Step> body) implements Step {
    public Loop {
      body = List.copyOf(body);
    }

    public Loop(String counter, int trips, List<Step> body) {
      this(counter, Trips.of(trips), body);
    }
  }

  /// `(size + more) / divisor` rounded down, a number of iterations.
  ///
  /// @param size of the protocol, or null for a constant
  record Trips(String size, int more, int divisor) {
    public static Trips of(int trips) {
      return new Trips(null, trips, 1);
    }
  }

  /// Steps that are taken where a sum of counters is not negative: `if k-1` leaves out the first iteration.
  record If(Position atLeastZero, List<Step> body) implements Step {
    public If {
      body = List.copyOf(body);
    }
  }

  /// Moves the agent's own counter of that name, which begins at 0 and lives across loops. A position that counts what has
  /// been waited for so far is one, whatever the trip counts.
  record Advance(String counter, Trips by) implements Step {}

  /// Waits until the phase of the position is over: that is phase `position / depth` of its slot. A negative position names
  /// a phase before the first, which is over from the start.
  ///
  /// @param inverted waits for the other parity (a mistake, for tests of verifiers)
  record Wait(At barrier, boolean inverted) implements Step {}

  /// Arrives as often as `count` says, having announced bytes that copies will land.
  record Arrive(At barrier, int count, long bytes) implements Step {}

  /// Starts a copy that writes without further help and tells the barriers as it lands.
  record Copy(List<Landing> landings) implements Step {
    public Copy {
      landings = List.copyOf(landings);
    }
  }

  /// Where a copy lands, and the barrier of the same block that counts its bytes; null where the agent counts copies.
  record Landing(At buffer, At barrier, long bytes) {}

  /// Starts a matrix product that reads slots until it is known to be done.
  ///
  /// @param updates the accumulator where it is in memory, or null
  record Product(List<At> reads, At updates) implements Step {
    public Product {
      reads = List.copyOf(reads);
    }
  }

  /// Lets the matrix unit arrive at a barrier when all products started so far are done.
  record Commit(At barrier) implements Step {}

  /// Starts a copy out of a slot.
  record Store(At buffer) implements Step {}

  /// Waits until no more than `pending` of what this agent started of a kind are under way.
  record Await(Kind kind, int pending) implements Step {}

  enum Kind { COPY, PRODUCT, STORE }

  /// The agent's own loads from a slot; their results are there before its next step that others can see.
  record Read(At buffer) implements Step {}

  /// The agent's own stores to a slot.
  record Write(At buffer) implements Step {}

  /// Ends own reads and writes, and makes them visible to the units that copy and multiply (PTX `fence.proxy.async` and a
  /// meeting of the agent's threads).
  record Fence() implements Step {}

  /// A barrier without phases that `participants` agents reach; those that wait go on when all have come.
  record Meet(String barrier, int participants, boolean waits) implements Step {}
}
