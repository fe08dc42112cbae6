// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.passes.protocol.Step.Kind;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Unrolled.Spot;

/// What happens in a program, and what cannot happen before what: an edge of distance `d` says that its end, `d` iterations
/// later, waits for its begin.
///
/// Either all of a program, whose distances are 0, or one iteration of the loops with one counter, of which any number
/// follow. The latter is a marked graph (Commoner, Holt, Even, Pnueli, "Marked Directed Graphs", 1971): distances are tokens,
/// and a cycle without any can never begin.
///
/// Edges are what positions say: a wait for position 7 waits for those who arrive at position 7. Whether parities keep them
/// apart from those of positions 4 and 10 is [OrderCheck]'s question.
final class EventGraph {
  enum Part {
    /// A step begins. Steps that wait for nothing are over with it.
    STEP,
    /// A wait is over.
    PASSED,
    /// What a step started is over: a copy has landed, a product has ended, a store has read.
    DONE,
    /// A phase of a barrier is over, or a meeting.
    OVER
  }

  /// @param landing of the event, when it is a copy
  record Node(Part part, Event event, int landing, Spot spot) {}

  record Edge(int from, int to, int distance) {}

  record Arrival(int node, Event event, Spot at, int count, long announced, long landed) {}

  record Waiting(int step, int passed, Event event, Spot at) {}

  /// @param accumulates products of one agent that do so take their turn by themselves
  record Access(int begin, int end, Event event, Spot at, boolean writes, boolean byThreads, boolean accumulates) {}

  final List<Node> nodes = new ArrayList<>();
  final List<Edge> edges = new ArrayList<>();
  final List<Arrival> arrivals = new ArrayList<>();
  final List<Waiting> waitings = new ArrayList<>();
  /// Those who come to meetings and those who wait there, with the meeting for a slot.
  final List<Arrival> comings = new ArrayList<>();
  final List<Access> accesses = new ArrayList<>();
  /// By agent.
  final List<List<Integer>> fences = new ArrayList<>();
  final List<Integer> firsts = new ArrayList<>();
  final List<Integer> lasts = new ArrayList<>();

  final Unrolled program;
  /// Null for all of a program.
  private final Period period;
  private final Map<List<Integer>, Integer> overs = new HashMap<>();

  private EventGraph(Unrolled program, Period period) {
    this.program = program;
    this.period = period;
  }

  static EventGraph ofAll(Unrolled program) {
    EventGraph graph = new EventGraph(program, null);
    for (int agent = 0; agent < program.events.size(); agent++) {
      graph.new Agent(program.events.get(agent)).build();
    }
    return graph;
  }

  static EventGraph ofPeriod(Period period) {
    EventGraph graph = new EventGraph(period.program, period);
    for (int agent = 0; agent < period.program.events.size(); agent++) {
      if (!period.events(agent).isEmpty()) {
        graph.new Agent(period.events(agent)).build();
      }
    }
    return graph;
  }

  private boolean isPeriodic() {
    return period != null;
  }

  private int node(Part part, Event event, int landing, Spot spot) {
    nodes.add(new Node(part, event, landing, spot));
    return nodes.size() - 1;
  }

  private void edge(int from, int to, int distance) {
    edges.add(new Edge(from, to, distance));
  }

  /// The end of a phase, of all phases that are a whole number of iterations from it in a period.
  int over(Event event, Spot spot) {
    int residue = isPeriodic() ? Math.floorMod(spot.position(), period.stride(event, spot)) : spot.position();
    return overs.computeIfAbsent(List.of(program.ring(event, spot), residue), _ -> node(Part.OVER, event, 0, spot));
  }

  private int iterationsAhead(Event event, Spot spot) {
    return isPeriodic() ? Math.floorDiv(spot.position(), period.stride(event, spot)) : 0;
  }

  /// Whether the loop goes through the spot's ring at all; else each iteration finds it as the one before.
  private boolean moves(Event event, Spot spot) {
    return !isPeriodic() || period.stride(event, spot) != 0;
  }

  /// The events of one agent in turn.
  private final class Agent {
    private final List<Event> events;
    private final List<Integer> copies = new ArrayList<>();
    private final List<Integer> products = new ArrayList<>();
    private final List<Integer> stores = new ArrayList<>();
    /// Products and commits, as the matrix unit takes them.
    private final List<Integer> matrixUnit = new ArrayList<>();
    private final List<Integer> ownFences = new ArrayList<>();
    private int last = -1;

    /// @param started how many of the kind before it
    private record Awaiting(int node, Kind kind, int started, int pending) {}

    private final List<Awaiting> awaitings = new ArrayList<>();

    Agent(List<Event> events) {
      this.events = events;
    }

    void build() {
      int first = nodes.size();
      for (Event event : events) {
        int step = node(Part.STEP, event, 0, null);
        follow(step);
        take(event, step);
      }
      for (Awaiting awaiting : awaitings) {
        await(awaiting);
      }
      if (isPeriodic() && last >= 0) {
        edge(last, first, 1);
        for (List<Integer> queue : List.of(copies, stores, matrixUnit)) {
          if (!queue.isEmpty()) {
            edge(queue.getLast(), queue.getFirst(), 1);
          }
        }
      }
      fences.add(ownFences);
      firsts.add(last < 0 ? -1 : first);
      lasts.add(last);
    }

    private void follow(int node) {
      if (last >= 0) {
        edge(last, node, 0);
      }
      last = node;
    }

    private void take(Event event, int step) {
      List<Spot> spots = event.spots();
      switch (event.step()) {
        case Step.Wait _ -> {
          int passed = node(Part.PASSED, event, 0, spots.getFirst());
          follow(passed);
          if (moves(event, spots.getFirst())) {
            edge(over(event, spots.getFirst()), passed, -iterationsAhead(event, spots.getFirst()));
            waitings.add(new Waiting(step, passed, event, spots.getFirst()));
          }
        }
        case Step.Arrive arrive -> arrive(step, event, spots.getFirst(), arrive.count(), arrive.bytes(), 0);
        case Step.Copy copy -> {
          for (int i = 0; i < copy.landings().size(); i++) {
            int landed = node(Part.DONE, event, i, spots.get(2 * i));
            edge(step, landed, 0);
            accesses.add(new Access(step, landed, event, spots.get(2 * i), true, false, false));
            Spot barrier = spots.get(2 * i + 1);
            if (barrier == null) {
              queue(copies, landed);
            } else {
              arrive(landed, event, barrier, 0, 0, copy.landings().get(i).bytes());
            }
          }
        }
        case Step.Product product -> {
          int done = node(Part.DONE, event, 0, null);
          edge(step, done, 0);
          queue(matrixUnit, done);
          products.add(done);
          for (int i = 0; i < product.reads().size(); i++) {
            accesses.add(new Access(step, done, event, spots.get(i), false, false, false));
          }
          if (product.updates() != null) {
            accesses.add(new Access(step, done, event, spots.getLast(), true, false, true));
          }
        }
        case Step.Commit _ -> {
          int done = node(Part.DONE, event, 0, null);
          edge(step, done, 0);
          queue(matrixUnit, done);
          arrive(done, event, spots.getFirst(), 1, 0, 0);
        }
        case Step.Store _ -> {
          int done = node(Part.DONE, event, 0, null);
          edge(step, done, 0);
          queue(stores, done);
          accesses.add(new Access(step, done, event, spots.getFirst(), false, false, false));
        }
        case Step.Await await -> awaitings.add(new Awaiting(step, await.kind(), queue(await.kind()).size(), await.pending()));
        case Step.Read _ -> accesses.add(new Access(step, step, event, spots.getFirst(), false, true, false));
        case Step.Write _ -> accesses.add(new Access(step, step, event, spots.getFirst(), true, true, false));
        case Step.Fence _ -> ownFences.add(step);
        case Step.Meet meet -> {
          Spot spot = spots.getFirst();
          if (moves(event, spot)) {
            int over = over(event, spot);
            edge(step, over, iterationsAhead(event, spot));
            comings.add(new Arrival(step, event, spot, 1, 0, 0));
            if (meet.waits()) {
              int passed = node(Part.PASSED, event, 0, spot);
              follow(passed);
              edge(over, passed, -iterationsAhead(event, spot));
            }
          }
        }
        case Step.Loop _, Step.If _, Step.Advance _ -> throw new IllegalStateException("loops are unrolled");
      }
    }

    private void arrive(int node, Event event, Spot spot, int count, long announced, long landed) {
      if (moves(event, spot)) {
        edge(node, over(event, spot), iterationsAhead(event, spot));
        arrivals.add(new Arrival(node, event, spot, count, announced, landed));
      }
    }

    /// Ends in the order of its start.
    private void queue(List<Integer> queue, int done) {
      if (!queue.isEmpty()) {
        edge(queue.getLast(), done, 0);
      }
      queue.add(done);
    }

    private List<Integer> queue(Kind kind) {
      return switch (kind) {
        case COPY -> copies;
        case PRODUCT -> products;
        case STORE -> stores;
      };
    }

    private void await(Awaiting awaiting) {
      List<Integer> queue = queue(awaiting.kind());
      int newest = awaiting.started() - 1 - awaiting.pending();
      if (isPeriodic() && !queue.isEmpty()) {
        edge(queue.get(Math.floorMod(newest, queue.size())), awaiting.node(), -Math.floorDiv(newest, queue.size()));
      } else if (newest >= 0) {
        edge(queue.get(newest), awaiting.node(), 0);
      }
    }
  }

  /// Nodes each of which waits for the one before it, and the first for the last, with no iteration between; or nothing.
  List<Integer> cycle() {
    int count = nodes.size();
    long[] distance = new long[count];
    int[] by = new int[count];
    Arrays.fill(by, -1);
    int moved = -1;
    // Bellman and Ford. A cycle has at most `count` edges, so these weights are negative around those without distance only.
    for (int round = 0; round <= count; round++) {
      moved = -1;
      for (Edge edge : edges) {
        long reached = distance[edge.from()] + (long) edge.distance() * (count + 1) - 1;
        if (reached < distance[edge.to()]) {
          distance[edge.to()] = reached;
          by[edge.to()] = edge.from();
          moved = edge.to();
        }
      }
      if (moved < 0) {
        return List.of();
      }
    }
    for (int i = 0; i < count; i++) {
      moved = by[moved];
    }
    List<Integer> cycle = new ArrayList<>();
    int at = moved;
    do {
      cycle.add(at);
      at = by[at];
    } while (at != moved);
    Collections.reverse(cycle);
    return cycle;
  }
}
