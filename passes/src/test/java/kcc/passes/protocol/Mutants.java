// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import kcc.passes.protocol.Protocol.Agent;
import kcc.passes.protocol.Protocol.Barrier;
import kcc.passes.protocol.Protocol.Buffer;

/// Protocols with one mistake each, of the kinds that compilers and people make.
final class Mutants {
  enum Family {
    WAIT_DROPPED, PHASE_INVERTED, RELEASED_EARLY, DEPTH_OFF, WRONG_BYTES, NO_FENCE, WRONG_ARRIVALS, REUSED_EARLY, NO_START
  }

  record Mutant(Family family, String mistake, Protocol protocol) {}

  private final Protocol correct;
  private final List<Mutant> mutants = new ArrayList<>();

  private Mutants(Protocol correct) {
    this.correct = correct;
  }

  static List<Mutant> of(Protocol correct) {
    Mutants all = new Mutants(correct);
    for (int agent = 0; agent < correct.agents().size(); agent++) {
      all.steps(agent, correct.agents().get(agent).steps(), Function.identity());
    }
    all.barriers();
    all.buffers();
    return all.mutants;
  }

  /// With two neighbouring steps of one agent the other way round, which is often right as well.
  static Protocol swapped(Protocol protocol, Random random) {
    List<Agent> agents = new ArrayList<>(protocol.agents());
    int agent = random.nextInt(agents.size());
    agents.set(agent, agents.get(agent).with(swapped(agents.get(agent).steps(), random)));
    return new Protocol(protocol.name(), protocol.sizes(), protocol.barriers(), protocol.buffers(), agents);
  }

  private static List<Step> swapped(List<Step> steps, Random random) {
    List<Step> changed = new ArrayList<>(steps);
    int at = random.nextInt(steps.size());
    if (steps.get(at) instanceof Step.Loop loop) {
      changed.set(at, new Step.Loop(loop.counter(), loop.trips(), swapped(loop.body(), random)));
    } else {
      Collections.swap(changed, at, (at + 1) % steps.size());
    }
    return changed;
  }

  private void add(Family family, String mistake, List<Barrier> barriers, List<Buffer> buffers, List<Agent> agents) {
    mutants.add(new Mutant(family, correct.name() + ": " + mistake,
        new Protocol(correct.name(), correct.sizes(), barriers, buffers, agents)));
  }

  /// Changes one place in the steps of one agent.
  ///
  /// @param whole makes the agent's steps of a changed list of these
  private record Place(int agent, List<Step> steps, int at, Function<List<Step>, List<Step>> whole) {
    List<Step> replaced(Step... by) {
      List<Step> changed = new ArrayList<>(steps.subList(0, at));
      changed.addAll(List.of(by));
      changed.addAll(steps.subList(at + 1, steps.size()));
      return whole.apply(changed);
    }

    /// With the step at an earlier place.
    List<Step> moved(int to) {
      List<Step> changed = new ArrayList<>(steps);
      changed.add(to, changed.remove(at));
      return whole.apply(changed);
    }
  }

  private void add(Family family, String mistake, Place place, List<Step> steps) {
    List<Agent> agents = new ArrayList<>(correct.agents());
    agents.set(place.agent(), agents.get(place.agent()).with(steps));
    add(family, correct.agents().get(place.agent()).name() + ": " + mistake, correct.barriers(), correct.buffers(), agents);
  }

  private static Step.At shifted(Step.At at, int positions) {
    return new Step.At(at.ring(), at.position().plus(positions));
  }

  private void steps(int agent, List<Step> steps, Function<List<Step>, List<Step>> whole) {
    for (int i = 0; i < steps.size(); i++) {
      Place place = new Place(agent, steps, i, whole);
      switch (steps.get(i)) {
        case Step.Loop loop -> steps(agent, loop.body(),
            body -> place.replaced(new Step.Loop(loop.counter(), loop.trips(), body)));
        case Step.If(Position atLeastZero, List<Step> body) ->
          steps(agent, body, changed -> place.replaced(new Step.If(atLeastZero, changed)));
        case Step.Wait wait -> {
          add(Family.WAIT_DROPPED, "without wait for " + wait.barrier().ring(), place, place.replaced());
          add(Family.PHASE_INVERTED, "inverted wait for " + wait.barrier().ring(), place,
              place.replaced(new Step.Wait(wait.barrier(), true)));
          add(Family.DEPTH_OFF, "wait for the slot before in " + wait.barrier().ring(), place,
              place.replaced(new Step.Wait(shifted(wait.barrier(), -1), false)));
        }
        case Step.Arrive arrive -> arrive(place, arrive);
        case Step.Await await -> {
          add(Family.WAIT_DROPPED, "without awaiting " + await.kind(), place, place.replaced());
          add(Family.REUSED_EARLY, "awaiting one less of " + await.kind(), place,
              place.replaced(new Step.Await(await.kind(), await.pending() + 1)));
        }
        case Step.Fence _ -> add(Family.NO_FENCE, "without fence", place, place.replaced());
        case Step.Commit commit -> {
          add(Family.WRONG_ARRIVALS, "without commit to " + commit.barrier().ring(), place, place.replaced());
          add(Family.WRONG_ARRIVALS, "commits twice to " + commit.barrier().ring(), place, place.replaced(commit, commit));
        }
        case Step.Copy copy -> {
          add(Family.NO_START, "without copy", place, place.replaced());
          if (copy.landings().getFirst().barrier() != null) {
            add(Family.RELEASED_EARLY, "copies before it waits", place, place.moved(0));
          }
        }
        case Step.Meet meet -> {
          if (meet.waits()) {
            add(Family.WAIT_DROPPED, "without meeting at " + meet.barrier(), place, place.replaced());
          }
        }
        case Step.Product _, Step.Store _, Step.Read _, Step.Write _, Step.Advance _ -> { }
      }
    }
  }

  private void arrive(Place place, Step.Arrive arrive) {
    String ring = arrive.barrier().ring();
    add(Family.WRONG_ARRIVALS, "without arrival at " + ring, place, place.replaced());
    add(Family.WRONG_ARRIVALS, "two arrivals at " + ring, place,
        place.replaced(new Step.Arrive(arrive.barrier(), arrive.count() + 1, arrive.bytes())));
    add(Family.DEPTH_OFF, "arrival at another slot of " + ring, place,
        place.replaced(new Step.Arrive(shifted(arrive.barrier(), 1), arrive.count(), arrive.bytes())));
    if (arrive.bytes() > 0) {
      for (long bytes : new long[] {arrive.bytes() - 16, arrive.bytes() + 16, 0}) {
        add(Family.WRONG_BYTES, "%d bytes instead of %d at %s".formatted(bytes, arrive.bytes(), ring), place,
            place.replaced(new Step.Arrive(arrive.barrier(), arrive.count(), bytes)));
      }
      return;
    }
    // Turns guard no memory: who gives one away early is impolite and no more.
    for (int to = ring.startsWith("turn") ? -1 : place.at() - 1; to >= 0; to--) {
      switch (place.steps().get(to)) {
        case Step.Await _, Step.Fence _, Step.Wait _ -> add(Family.RELEASED_EARLY, "released before '%s' at %s".formatted(
            place.steps().get(to).getClass().getSimpleName(), ring), place, place.moved(to));
        case Step.Arrive _, Step.Copy _, Step.Product _, Step.Commit _, Step.Store _, Step.Read _, Step.Write _,
            Step.Meet _, Step.Loop _, Step.If _, Step.Advance _ -> { }
      }
    }
  }

  private void barriers() {
    for (int i = 0; i < correct.barriers().size(); i++) {
      Barrier barrier = correct.barriers().get(i);
      for (int change : new int[] {-1, 1}) {
        if (barrier.arrivals() + change > 0) {
          List<Barrier> others = new ArrayList<>(correct.barriers());
          others.set(i, new Barrier(barrier.name(), barrier.space(), barrier.depth(), barrier.arrivals() + change));
          add(Family.WRONG_ARRIVALS, "%s expects %d".formatted(barrier.name(), barrier.arrivals() + change), others,
              correct.buffers(), correct.agents());
        }
      }
      if (barrier.depth() > 1) {
        List<Barrier> others = new ArrayList<>(correct.barriers());
        others.set(i, new Barrier(barrier.name(), barrier.space(), barrier.depth() - 1, barrier.arrivals()));
        add(Family.DEPTH_OFF, barrier.name() + " has one slot less", others, correct.buffers(), correct.agents());
      }
    }
  }

  private void buffers() {
    for (int i = 0; i < correct.buffers().size(); i++) {
      Buffer buffer = correct.buffers().get(i);
      if (buffer.depth() > 1) {
        List<Buffer> others = new ArrayList<>(correct.buffers());
        others.set(i, new Buffer(buffer.name(), buffer.space(), buffer.depth() - 1, buffer.offset(), buffer.slotSize()));
        add(Family.DEPTH_OFF, buffer.name() + " has one slot less", correct.barriers(), others, correct.agents());
      }
      for (Buffer other : correct.buffers()) {
        if (other != buffer && other.space().equals(buffer.space()) && other.offset() != buffer.offset()) {
          List<Buffer> others = new ArrayList<>(correct.buffers());
          others.set(i, new Buffer(buffer.name(), buffer.space(), buffer.depth(), other.offset(), buffer.slotSize()));
          add(Family.REUSED_EARLY, buffer.name() + " lies where " + other.name() + " does", correct.barriers(), others,
              correct.agents());
        }
      }
    }
  }
}
