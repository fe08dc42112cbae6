// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.passes.protocol.Verdict.Fault;

/// Tries all orders in which a program can run, breadth first, so that what it finds has a short way there.
///
/// Copy engines and the matrix unit are agents of their own: a copy lands at any time behind its start, in any order; the
/// products of one agent end in the order of their start. A slot that is read or written is in use from then until whoever
/// uses it can know that it is done; two uses at once, one of them a write, are a race in every order in which they may
/// meet, and some order has them meet.
///
/// **Fewer orders.** Steps that wait for nobody and tell nobody are taken together with the step before. They take slots
/// into use, so taking them early hides no meeting: whoever would come first later could have come first anyway.
public final class ModelCheck {
  private record Visited(State state, Visited from, String label) {}

  private final Unrolled program;
  private final Moves moves;
  private final int maxStates;

  private ModelCheck(Protocol protocol, int maxStates) {
    this.program = new Unrolled(protocol);
    this.moves = new Moves(program);
    this.maxStates = maxStates;
  }

  /// @param maxStates after which the answer is [Verdict.Unknown]
  public static Verdict of(Protocol protocol, int maxStates) {
    return new ModelCheck(protocol, maxStates).run();
  }

  private Verdict run() {
    Set<State.Key> seen = new HashSet<>();
    ArrayDeque<Visited> queue = new ArrayDeque<>();
    Visited first = new Visited(new State(program.events.size(), program.barrierOf.size(), program.bufferOf.size(),
        program.meetings.size()), null, "");
    seen.add(first.state.key());
    queue.add(first);
    while (!queue.isEmpty()) {
      Visited at = queue.remove();
      List<Visited> following = new ArrayList<>();
      Moves.Violation wrong = follow(at, following);
      if (wrong != null) {
        return new Verdict.Wrong(wrong.fault(), wrong.getMessage(), trace(following.isEmpty() ? at : following.getLast()));
      }
      for (Visited next : following) {
        if (seen.add(next.state.key())) {
          queue.add(next);
        }
      }
      if (seen.size() > maxStates) {
        return new Verdict.Unknown(seen.size());
      }
    }
    return new Verdict.Correct(seen.size());
  }

  private static List<String> trace(Visited last) {
    List<String> trace = new ArrayList<>();
    for (Visited at = last; at.from != null; at = at.from) {
      trace.add(at.label);
    }
    Collections.reverse(trace);
    return trace;
  }

  /// All that can happen next. Where it goes wrong the last of `following` is the way there.
  private Moves.Violation follow(Visited at, List<Visited> following) {
    if (isDone(at.state)) {
      return unfinished(at.state);
    }
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (at.state.next[agent] < program.events.get(agent).size() && moves.isEnabled(at.state, agent)) {
        State state = at.state.copy();
        following.add(new Visited(state, at, moves.name(moves.event(state, agent))));
        try {
          moves.advance(state, agent);
        } catch (Moves.Violation wrong) {
          return wrong;
        }
      }
    }
    for (int i = 0; i < at.state.copies.size(); i++) {
      if (moves.mayLand(at.state, i)) {
        State state = at.state.copy();
        following.add(new Visited(state, at, "copy lands: " + moves.name(moves.flown(state.copies.get(i)))));
        try {
          moves.land(state, i);
        } catch (Moves.Violation wrong) {
          return wrong;
        }
      }
    }
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (moves.hasCommit(at.state, agent)) {
        State state = at.state.copy();
        following.add(new Visited(state, at, "products end: " + program.protocol.agents().get(agent).name()));
        try {
          moves.retireToCommit(state, agent);
        } catch (Moves.Violation wrong) {
          return wrong;
        }
      }
    }
    return following.isEmpty() ? new Moves.Violation(Fault.DEADLOCK, waiting(at.state)) : null;
  }

  private boolean isDone(State state) {
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (state.next[agent] < program.events.get(agent).size()) {
        return false;
      }
    }
    return true;
  }

  private String waiting(State state) {
    List<String> all = new ArrayList<>();
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (state.next[agent] < program.events.get(agent).size()) {
        all.add(moves.name(moves.event(state, agent)));
      }
    }
    return "nobody can go on: " + String.join("; ", all);
  }

  private Moves.Violation unfinished(String what, List<State.Flight> flights) {
    return new Moves.Violation(Fault.UNFINISHED,
        "the program ends before %s: %s".formatted(what, moves.name(moves.flown(flights.getFirst()))));
  }

  private Moves.Violation unfinished(State state) {
    if (!state.copies.isEmpty()) {
      return unfinished("a copy lands", state.copies);
    }
    if (!state.products.isEmpty()) {
      return unfinished("a product", state.products);
    }
    if (!state.stores.isEmpty()) {
      return unfinished("a store has read", state.stores);
    }
    for (int slot = 0; slot < state.arrived.length; slot++) {
      if (state.bytes[slot] != 0) {
        return new Moves.Violation(Fault.UNFINISHED, "%d bytes announced at %s never landed".formatted(state.bytes[slot],
            program.barrierOf.get(slot).name()));
      }
    }
    for (int meeting = 0; meeting < state.met.length; meeting++) {
      if (state.met[meeting] != 0) {
        return new Moves.Violation(Fault.UNFINISHED, "somebody has come to %s and nobody else will".formatted(
            program.meetings.get(meeting)));
      }
    }
    return null;
  }
}
