// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A protocol with loops unrolled and every position worked out. Slots of all rings are numbered through.
final class Unrolled {
  /// A slot of a ring, and which content or which phase is meant.
  record Spot(int slot, int position) {}

  /// One step of one agent.
  ///
  /// @param counters of the loops around it
  /// @param spots    of the step's places in the order in which it names them; a meeting's position is the number of
  ///                 times that the agent has come to it before
  record Event(int agent, Step step, Map<String, Integer> counters, List<Spot> spots) {}

  /// Where in an agent's events the first iterations of one of its loops begin, and where the last of them ends.
  record Iterations(List<Integer> starts) {}

  final Protocol protocol;
  final List<List<Event>> events = new ArrayList<>();
  /// By agent; null for those without that loop.
  final List<Iterations> iterations = new ArrayList<>();
  /// By slot of a barrier.
  final List<Protocol.Barrier> barrierOf = new ArrayList<>();
  /// By slot of a buffer.
  final List<Protocol.Buffer> bufferOf = new ArrayList<>();
  final List<int[]> overlapping = new ArrayList<>();
  final List<String> meetings = new ArrayList<>();

  private final Map<String, Integer> firstSlot = new HashMap<>();
  private final Map<String, Integer> depth = new HashMap<>();

  Unrolled(Protocol protocol) {
    this(protocol, null, 0);
  }

  /// @param period counter of the loops whose first iterations are of interest, or null
  /// @param count  of these iterations, whatever the trip count is
  Unrolled(Protocol protocol, String period, int count) {
    this.protocol = protocol;
    for (Protocol.Barrier barrier : protocol.barriers()) {
      ring(barrier.name(), barrier.depth(), barrierOf.size());
      for (int i = 0; i < barrier.depth(); i++) {
        barrierOf.add(barrier);
      }
    }
    for (Protocol.Buffer buffer : protocol.buffers()) {
      ring(buffer.name(), buffer.depth(), bufferOf.size());
      for (int i = 0; i < buffer.depth(); i++) {
        bufferOf.add(buffer);
      }
    }
    overlaps();
    for (int agent = 0; agent < protocol.agents().size(); agent++) {
      Trace trace = new Trace(agent, period, count);
      trace.unroll(protocol.agents().get(agent).steps());
      events.add(trace.events);
      iterations.add(trace.iterations);
    }
  }

  private void ring(String name, int slots, int first) {
    if (firstSlot.put(name, first) != null || slots < 1) {
      throw new IllegalArgumentException("ring %s of depth %d".formatted(name, slots));
    }
    depth.put(name, slots);
  }

  private void overlaps() {
    for (int a = 0; a < bufferOf.size(); a++) {
      List<Integer> others = new ArrayList<>();
      for (int b = 0; b < bufferOf.size(); b++) {
        if (a != b && bufferOf.get(a).overlaps(ringSlot(a), bufferOf.get(b), ringSlot(b))) {
          others.add(b);
        }
      }
      overlapping.add(others.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  int ringSlot(int bufferSlot) {
    return bufferSlot - firstSlot.get(bufferOf.get(bufferSlot).name());
  }

  int barrierSlot(int slot) {
    return slot - firstSlot.get(barrierOf.get(slot).name());
  }

  /// Barriers and then meetings, numbered through.
  int ring(Event event, Spot spot) {
    return event.step() instanceof Step.Meet ? protocol.barriers().size() + spot.slot()
        : protocol.barriers().indexOf(barrierOf.get(spot.slot()));
  }

  /// The phase of its slot that a position of a barrier is.
  int phase(Spot spot) {
    return Math.floorDiv(spot.position(), barrierOf.get(spot.slot()).depth());
  }

  private final class Trace {
    private final int agent;
    private final String period;
    private final int count;
    private final Map<String, Integer> counters = new HashMap<>();
    private final Map<String, Integer> loops = new TreeMap<>();
    private final Map<String, Integer> met = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private Iterations iterations;

    Trace(int agent, String period, int count) {
      this.agent = agent;
      this.period = period;
      this.count = count;
    }

    void unroll(List<Step> steps) {
      for (Step step : steps) {
        switch (step) {
          case Step.Loop loop -> loop(loop);
          case Step.If(Position atLeastZero, List<Step> body) -> {
            if (atLeastZero.at(counters) >= 0) {
              unroll(body);
            }
          }
          case Step.Advance(String counter, Step.Trips by) -> counters.merge(counter, protocol.number(by), Integer::sum);
          case Step.Wait _, Step.Arrive _, Step.Copy _, Step.Product _, Step.Commit _, Step.Store _, Step.Await _,
              Step.Read _, Step.Write _, Step.Fence _, Step.Meet _ ->
            events.add(new Event(agent, step, new TreeMap<>(loops), spots(step)));
        }
      }
    }

    private void loop(Step.Loop loop) {
      int trips = protocol.number(loop.trips());
      boolean isPeriod = loop.counter().equals(period) && iterations == null;
      if (isPeriod) {
        trips = count;
      }
      List<Integer> starts = new ArrayList<>();
      for (int i = 0; i < trips; i++) {
        starts.add(events.size());
        counters.put(loop.counter(), i);
        loops.put(loop.counter(), i);
        unroll(loop.body());
      }
      counters.remove(loop.counter());
      loops.remove(loop.counter());
      if (isPeriod) {
        starts.add(events.size());
        iterations = new Iterations(starts);
      }
    }

    private List<Spot> spots(Step step) {
      List<Spot> spots = new ArrayList<>();
      switch (step) {
        case Step.Wait wait -> spots.add(spot(wait.barrier()));
        case Step.Arrive arrive -> spots.add(spot(arrive.barrier()));
        case Step.Commit commit -> spots.add(spot(commit.barrier()));
        case Step.Store store -> spots.add(spot(store.buffer()));
        case Step.Read read -> spots.add(spot(read.buffer()));
        case Step.Write write -> spots.add(spot(write.buffer()));
        case Step.Copy copy -> {
          for (Step.Landing landing : copy.landings()) {
            spots.add(spot(landing.buffer()));
            spots.add(landing.barrier() == null ? null : spot(landing.barrier()));
          }
        }
        case Step.Product product -> {
          for (Step.At read : product.reads()) {
            spots.add(spot(read));
          }
          if (product.updates() != null) {
            spots.add(spot(product.updates()));
          }
        }
        case Step.Meet meet -> {
          if (!meetings.contains(meet.barrier())) {
            meetings.add(meet.barrier());
          }
          spots.add(new Spot(meetings.indexOf(meet.barrier()), met.merge(meet.barrier(), 1, Integer::sum) - 1));
        }
        case Step.Await _, Step.Fence _ -> { }
        case Step.Loop _, Step.If _, Step.Advance _ -> throw new IllegalStateException("loops are unrolled");
      }
      return spots;
    }

    private Spot spot(Step.At at) {
      Integer first = firstSlot.get(at.ring());
      if (first == null) {
        throw new IllegalArgumentException("no ring " + at.ring());
      }
      int position = at.position().at(counters);
      return new Spot(first + Math.floorMod(position, depth.get(at.ring())), position);
    }
  }
}
