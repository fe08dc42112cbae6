// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.passes.protocol.Step.Kind;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Unrolled.Spot;
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

  /// An order has gone wrong.
  private static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Fault fault;

    Violation(Fault fault, String what) {
      super(what, null, false, false);
      this.fault = fault;
    }
  }

  private static final int NOBODY = -1;

  private final Unrolled program;
  private final Wording wording;
  private final int maxStates;

  private ModelCheck(Protocol protocol, int maxStates) {
    this.program = new Unrolled(protocol);
    this.wording = new Wording(program);
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
      Violation wrong = follow(at, following);
      if (wrong != null) {
        return new Verdict.Wrong(wrong.fault, wrong.getMessage(), trace(following.isEmpty() ? at : following.getLast()));
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
  private Violation follow(Visited at, List<Visited> following) {
    if (isDone(at.state)) {
      return unfinished(at.state);
    }
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (at.state.next[agent] < program.events.get(agent).size() && isEnabled(at.state, agent)) {
        State state = at.state.copy();
        following.add(new Visited(state, at,
            name(event(state, agent))));
        try {
          advance(state, agent);
        } catch (Violation wrong) {
          return wrong;
        }
      }
    }
    for (int i = 0; i < at.state.copies.size(); i++) {
      if (mayLand(at.state, i)) {
        State state = at.state.copy();
        following.add(new Visited(state, at, "copy lands: " + name(flown(state.copies.get(i)))));
        try {
          land(state, i);
        } catch (Violation wrong) {
          return wrong;
        }
      }
    }
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (hasCommit(at.state, agent)) {
        State state = at.state.copy();
        following.add(new Visited(state, at, "products end: " + program.protocol.agents().get(agent).name()));
        try {
          retireToCommit(state, agent);
        } catch (Violation wrong) {
          return wrong;
        }
      }
    }
    return following.isEmpty() ? new Violation(Fault.DEADLOCK, waiting(at.state)) : null;
  }

  private boolean isDone(State state) {
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (state.next[agent] < program.events.get(agent).size()) {
        return false;
      }
    }
    return true;
  }

  private Event event(State state, int agent) {
    return program.events.get(agent).get(state.next[agent]);
  }

  private Event flown(State.Flight flight) {
    return program.events.get(flight.agent()).get(flight.event());
  }

  private String waiting(State state) {
    List<String> all = new ArrayList<>();
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (state.next[agent] < program.events.get(agent).size()) {
        all.add(name(event(state, agent)));
      }
    }
    return "nobody can go on: " + String.join("; ", all);
  }

  private Violation unfinished(State state) {
    if (!state.copies.isEmpty()) {
      return new Violation(Fault.UNFINISHED, "the program ends before a copy lands: " + name(flown(state.copies.getFirst())));
    }
    if (!state.products.isEmpty()) {
      return new Violation(Fault.UNFINISHED, "the program ends before a product: " + name(flown(state.products.getFirst())));
    }
    if (!state.stores.isEmpty()) {
      return new Violation(Fault.UNFINISHED, "the program ends before a store has read: "
          + name(flown(state.stores.getFirst())));
    }
    for (int slot = 0; slot < state.arrived.length; slot++) {
      if (state.bytes[slot] != 0) {
        return new Violation(Fault.UNFINISHED, "%d bytes announced at %s never landed".formatted(state.bytes[slot],
            program.barrierOf.get(slot).name()));
      }
    }
    for (int meeting = 0; meeting < state.met.length; meeting++) {
      if (state.met[meeting] != 0) {
        return new Violation(Fault.UNFINISHED, "somebody has come to %s and nobody else will".formatted(
            program.meetings.get(meeting)));
      }
    }
    return null;
  }

  // ---- what may happen ----

  private boolean isEnabled(State state, int agent) {
    Event event = event(state, agent);
    return switch (event.step()) {
      case Step.Wait wait -> {
        Spot spot = event.spots().getFirst();
        int depth = program.barrierOf.get(spot.slot()).depth();
        int parity = Math.floorMod(Math.floorDiv(spot.position(), depth), 2) ^ (wait.inverted() ? 1 : 0);
        yield (state.phase[spot.slot()] & 1) != parity;
      }
      case Step.Await await -> await.kind() != Kind.COPY || ownCopies(state, agent) <= await.pending();
      case Step.Meet meet -> (state.meeting[program.meetings.indexOf(meet.barrier())] & 1 << agent) == 0;
      default -> true;
    };
  }

  /// Copies that the agent counts, rather than a barrier.
  private int ownCopies(State state, int agent) {
    int count = 0;
    for (State.Flight copy : state.copies) {
      if (copy.agent() == agent && flown(copy).spots().get(2 * copy.landing() + 1) == null) {
        count++;
      }
    }
    return count;
  }

  /// Counted copies land in the order of their start.
  private boolean mayLand(State state, int index) {
    State.Flight copy = state.copies.get(index);
    if (flown(copy).spots().get(2 * copy.landing() + 1) != null) {
      return true;
    }
    for (State.Flight other : state.copies) {
      boolean counted = flown(other).spots().get(2 * other.landing() + 1) == null;
      if (counted && other.agent() == copy.agent() && other.event() < copy.event()) {
        return false;
      }
    }
    return true;
  }

  private boolean hasCommit(State state, int agent) {
    for (State.Flight flight : state.products) {
      if (flight.agent() == agent && flown(flight).step() instanceof Step.Commit) {
        return true;
      }
    }
    return false;
  }

  // ---- what happens ----

  private void advance(State state, int agent) {
    close(state, agent);
    take(state, agent);
    List<Event> events = program.events.get(agent);
    while (state.next[agent] < events.size() && isQuiet(state, agent)) {
      take(state, agent);
    }
  }

  private boolean isQuiet(State state, int agent) {
    if (isMeeting(state, agent)) {
      return false;
    }
    return switch (event(state, agent).step()) {
      case Step.Copy _, Step.Product _, Step.Commit _, Step.Store _, Step.Read _, Step.Write _ -> true;
      case Step.Arrive _ -> state.open.stream().noneMatch(use -> use.agent() == agent);
      // These end uses: who takes them early hides what meets a use before.
      case Step.Wait _, Step.Await _, Step.Fence _, Step.Meet _, Step.Loop _, Step.If _, Step.Advance _ -> false;
    };
  }

  private static boolean isMeeting(State state, int agent) {
    for (int waiting : state.meeting) {
      if ((waiting & 1 << agent) != 0) {
        return true;
      }
    }
    return false;
  }

  /// Own reads and writes are done before the agent does anything else.
  private void close(State state, int agent) {
    for (int i = state.open.size() - 1; i >= 0; i--) {
      State.Flight use = state.open.get(i);
      if (use.agent() == agent) {
        int slot = flown(use).spots().getFirst().slot();
        (flown(use).step() instanceof Step.Write ? state.writers : state.readers)[slot]--;
        state.open.remove(i);
      }
    }
  }

  private void take(State state, int agent) {
    Event event = event(state, agent);
    int index = state.next[agent];
    switch (event.step()) {
      case Step.Wait _ -> state.next[agent]++;
      case Step.Arrive arrive -> {
        state.next[agent]++;
        Spot spot = event.spots().getFirst();
        state.bytes[spot.slot()] += arrive.bytes();
        held(state, agent, event, program.barrierOf.get(spot.slot()).space());
        arrive(state, spot.slot(), arrive.count());
      }
      case Step.Copy copy -> {
        state.next[agent]++;
        for (int i = 0; i < copy.landings().size(); i++) {
          Spot spot = event.spots().get(2 * i);
          beginWrite(state, spot, event, false);
          state.content[spot.slot()] = State.UNDEFINED;
          state.copies.add(new State.Flight(agent, index, i));
        }
      }
      case Step.Product product -> {
        state.next[agent]++;
        for (int i = 0; i < product.reads().size(); i++) {
          beginRead(state, event.spots().get(i), event, false);
        }
        if (product.updates() != null) {
          update(state, agent, event);
        }
        state.products.add(new State.Flight(agent, index, 0));
      }
      case Step.Commit _ -> {
        state.next[agent]++;
        state.products.add(new State.Flight(agent, index, 0));
      }
      case Step.Store _ -> {
        state.next[agent]++;
        beginRead(state, event.spots().getFirst(), event, false);
        state.stores.add(new State.Flight(agent, index, 0));
      }
      case Step.Await await -> {
        state.next[agent]++;
        switch (await.kind()) {
          case COPY -> { }
          case PRODUCT -> retire(state, agent, await.pending());
          case STORE -> endStores(state, agent, await.pending());
        }
      }
      case Step.Read _ -> {
        state.next[agent]++;
        Spot spot = event.spots().getFirst();
        beginRead(state, spot, event, true);
        state.unfencedReads[spot.slot()] |= 1 << agent;
        state.open.add(new State.Flight(agent, index, 0));
      }
      case Step.Write _ -> {
        state.next[agent]++;
        Spot spot = event.spots().getFirst();
        beginWrite(state, spot, event, true);
        state.content[spot.slot()] = spot.position();
        state.unfencedWrites[spot.slot()] |= 1 << agent;
        state.open.add(new State.Flight(agent, index, 0));
      }
      case Step.Fence _ -> {
        state.next[agent]++;
        close(state, agent);
        for (int slot = 0; slot < state.content.length; slot++) {
          state.unfencedReads[slot] &= ~(1 << agent);
          state.unfencedWrites[slot] &= ~(1 << agent);
        }
      }
      case Step.Meet meet -> meet(state, agent, meet);
      case Step.Loop _, Step.If _, Step.Advance _ -> throw new IllegalStateException("loops are unrolled");
    }
  }

  private void meet(State state, int agent, Step.Meet meet) {
    int place = program.meetings.indexOf(meet.barrier());
    if (meet.waits()) {
      state.meeting[place] |= 1 << agent;
    } else {
      state.next[agent]++;
    }
    if (++state.met[place] == meet.participants()) {
      for (int other = 0; other < state.next.length; other++) {
        if ((state.meeting[place] & 1 << other) != 0) {
          state.next[other]++;
        }
      }
      state.met[place] = 0;
      state.meeting[place] = 0;
    }
  }

  /// Whether one of those who hold the space has begun and not ended; the user is in the middle of a step.
  private void held(State state, int user, Event event, String space) {
    boolean isHeld = false;
    for (int agent = 0; space != null && agent < state.next.length; agent++) {
      if (space.equals(program.protocol.agents().get(agent).holds())) {
        isHeld = true;
        if (agent == user || state.next[agent] > 0 && state.next[agent] < program.events.get(agent).size()) {
          return;
        }
      }
    }
    if (isHeld) {
      throw new Violation(Fault.NOT_THERE, "nobody holds %s: %s".formatted(space, name(event)));
    }
  }

  private void arrive(State state, int slot, int count) {
    Protocol.Barrier barrier = program.barrierOf.get(slot);
    state.arrived[slot] += count;
    if (state.arrived[slot] > barrier.arrivals()) {
      throw new Violation(Fault.OVERFLOW, "%d arrive at %s, which expects %d".formatted(state.arrived[slot],
          barrier.name(), barrier.arrivals()));
    }
    endPhase(state, slot);
  }

  private void endPhase(State state, int slot) {
    if (state.arrived[slot] == program.barrierOf.get(slot).arrivals() && state.bytes[slot] == 0) {
      state.phase[slot]++;
      state.arrived[slot] = 0;
    }
  }

  private void land(State state, int index) {
    State.Flight copy = state.copies.remove(index);
    Event event = flown(copy);
    Spot spot = event.spots().get(2 * copy.landing());
    held(state, NOBODY, event, program.bufferOf.get(spot.slot()).space());
    state.writers[spot.slot()]--;
    state.content[spot.slot()] = spot.position();
    Spot barrier = event.spots().get(2 * copy.landing() + 1);
    if (barrier != null) {
      state.bytes[barrier.slot()] -= ((Step.Copy) event.step()).landings().get(copy.landing()).bytes();
      // Fewer than none are announced while another block's copy is ahead of this block's announcement.
      endPhase(state, barrier.slot());
    }
  }

  /// Ends the agent's oldest products until `pending` are left.
  private void retire(State state, int agent, int pending) {
    int own = 0;
    for (State.Flight flight : state.products) {
      own += flight.agent() == agent && flown(flight).step() instanceof Step.Product ? 1 : 0;
    }
    for (int i = 0; own > pending && i < state.products.size();) {
      State.Flight flight = state.products.get(i);
      if (flight.agent() == agent && flown(flight).step() instanceof Step.Product) {
        endProduct(state, flown(flight));
        state.products.remove(i);
        own--;
      } else {
        i++;
      }
    }
  }

  private void retireToCommit(State state, int agent) {
    for (int i = 0; i < state.products.size();) {
      State.Flight flight = state.products.get(i);
      if (flight.agent() != agent) {
        i++;
        continue;
      }
      state.products.remove(i);
      Event event = flown(flight);
      if (event.step() instanceof Step.Commit) {
        arrive(state, event.spots().getFirst().slot(), 1);
        return;
      }
      endProduct(state, event);
    }
  }

  private static void endProduct(State state, Event event) {
    Step.Product product = (Step.Product) event.step();
    for (int i = 0; i < product.reads().size(); i++) {
      state.readers[event.spots().get(i).slot()]--;
    }
    if (product.updates() != null) {
      state.writers[event.spots().getLast().slot()]--;
    }
  }

  private void endStores(State state, int agent, int pending) {
    int own = 0;
    for (State.Flight flight : state.stores) {
      own += flight.agent() == agent ? 1 : 0;
    }
    for (int i = 0; own > pending && i < state.stores.size();) {
      if (state.stores.get(i).agent() == agent) {
        state.readers[flown(state.stores.get(i)).spots().getFirst().slot()]--;
        state.stores.remove(i);
        own--;
      } else {
        i++;
      }
    }
  }

  // ---- slots ----

  private void beginRead(State state, Spot spot, Event event, boolean byThreads) {
    int slot = spot.slot();
    if (state.writers[slot] > 0) {
      throw new Violation(Fault.RACE, "%s is still being written: %s".formatted(name(spot), name(event)));
    }
    if (state.content[slot] != spot.position()) {
      throw new Violation(Fault.WRONG_CONTENT, "%s holds %s: %s".formatted(name(spot), content(state, slot), name(event)));
    }
    if (!byThreads && state.unfencedWrites[slot] != 0) {
      throw new Violation(Fault.MISSING_FENCE, "%s was written by threads without a fence since: %s".formatted(name(spot),
          name(event)));
    }
    state.readers[slot]++;
  }

  private void beginWrite(State state, Spot spot, Event event, boolean byThreads) {
    claim(state, spot, spot.slot(), event, byThreads);
    for (int other : program.overlapping.get(spot.slot())) {
      claim(state, spot, other, event, byThreads);
      state.content[other] = State.UNDEFINED;
    }
    state.writers[spot.slot()]++;
  }

  private void claim(State state, Spot spot, int slot, Event event, boolean byThreads) {
    if (state.readers[slot] > 0 || state.writers[slot] > 0) {
      throw new Violation(Fault.RACE, "%s is still %s%s: %s".formatted(name(spot),
          state.readers[slot] > 0 ? "read" : "written", slot == spot.slot() ? "" : " as "
              + program.bufferOf.get(slot).name(), name(event)));
    }
    if (!byThreads && (state.unfencedReads[slot] | state.unfencedWrites[slot]) != 0) {
      throw new Violation(Fault.MISSING_FENCE, "%s was used by threads without a fence since: %s".formatted(name(spot),
          name(event)));
    }
  }

  /// Products of one agent add to an accumulator in their order.
  private void update(State state, int agent, Event event) {
    Spot spot = event.spots().getLast();
    boolean own = false;
    for (State.Flight flight : state.products) {
      own |= flight.agent() == agent && flown(flight).step() instanceof Step.Product earlier && earlier.updates() != null
          && flown(flight).spots().getLast().equals(spot);
    }
    if (!own) {
      claim(state, spot, spot.slot(), event, false);
      for (int other : program.overlapping.get(spot.slot())) {
        claim(state, spot, other, event, false);
        state.content[other] = State.UNDEFINED;
      }
    }
    state.writers[spot.slot()]++;
    state.content[spot.slot()] = spot.position();
  }

  // ---- names ----

  private String name(Spot spot) {
    return wording.buffer(spot);
  }

  private static String content(State state, int slot) {
    return state.content[slot] == State.EMPTY ? "nothing yet"
        : state.content[slot] == State.UNDEFINED ? "nothing defined" : "position " + state.content[slot];
  }

  private String name(Event event) {
    return wording.event(event);
  }
}
