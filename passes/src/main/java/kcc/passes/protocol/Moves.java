// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.List;
import kcc.passes.protocol.Step.Kind;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Unrolled.Spot;
import kcc.passes.protocol.Verdict.Fault;

/// What can happen next in a state of a program, and what is then the case. Methods that change the state throw where that
/// must not happen.
final class Moves {
  private static final int NOBODY = -1;

  /// An order has gone wrong.
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Fault fault;

    Violation(Fault fault, String what) {
      super(what, null, false, false);
      this.fault = fault;
    }

    Fault fault() {
      return fault;
    }
  }

  private final Unrolled program;
  private final Wording wording;

  Moves(Unrolled program) {
    this.program = program;
    this.wording = new Wording(program);
  }

  Event event(State state, int agent) {
    return program.events.get(agent).get(state.next[agent]);
  }

  Event flown(State.Flight flight) {
    return program.events.get(flight.agent()).get(flight.event());
  }

  // ---- what may happen ----

  boolean isEnabled(State state, int agent) {
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
  boolean mayLand(State state, int index) {
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

  boolean hasCommit(State state, int agent) {
    for (State.Flight flight : state.products) {
      if (flight.agent() == agent && flown(flight).step() instanceof Step.Commit) {
        return true;
      }
    }
    return false;
  }

  // ---- what happens ----

  void advance(State state, int agent) {
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

  void land(State state, int index) {
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

  void retireToCommit(State state, int agent) {
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

  String name(Event event) {
    return wording.event(event);
  }
}
