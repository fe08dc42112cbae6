// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A protocol with loops unrolled and every position worked out. Slots of all rings are numbered through.
final class Unrolled {
  /// A slot of a ring, and which content or which phase is meant.
  record Spot(int slot, int position) {}

  /// One step of one agent.
  ///
  /// @param spots of the step's places in the order in which it names them
  record Event(Step step, List<Spot> spots) {}

  final Protocol protocol;
  final List<List<Event>> events = new ArrayList<>();
  /// By slot of a barrier.
  final List<Protocol.Barrier> barrierOf = new ArrayList<>();
  /// By slot of a buffer.
  final List<Protocol.Buffer> bufferOf = new ArrayList<>();
  final List<int[]> overlapping = new ArrayList<>();
  final List<String> meetings = new ArrayList<>();

  private final Map<String, Integer> firstSlot = new HashMap<>();
  private final Map<String, Integer> depth = new HashMap<>();

  Unrolled(Protocol protocol) {
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
    for (Protocol.Agent agent : protocol.agents()) {
      List<Event> trace = new ArrayList<>();
      unroll(agent.steps(), new HashMap<>(), trace);
      events.add(trace);
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

  private void unroll(List<Step> steps, Map<String, Integer> counters, List<Event> trace) {
    for (Step step : steps) {
      if (step instanceof Step.Loop(String counter, int trips, List<Step> body)) {
        for (int i = 0; i < trips; i++) {
          counters.put(counter, i);
          unroll(body, counters, trace);
        }
        counters.remove(counter);
      } else {
        trace.add(new Event(step, spots(step, counters)));
      }
    }
  }

  private List<Spot> spots(Step step, Map<String, Integer> counters) {
    List<Spot> spots = new ArrayList<>();
    switch (step) {
      case Step.Wait wait -> spots.add(spot(wait.barrier(), counters));
      case Step.Arrive arrive -> spots.add(spot(arrive.barrier(), counters));
      case Step.Commit commit -> spots.add(spot(commit.barrier(), counters));
      case Step.Store store -> spots.add(spot(store.buffer(), counters));
      case Step.Read read -> spots.add(spot(read.buffer(), counters));
      case Step.Write write -> spots.add(spot(write.buffer(), counters));
      case Step.Copy copy -> {
        for (Step.Landing landing : copy.landings()) {
          spots.add(spot(landing.buffer(), counters));
          spots.add(landing.barrier() == null ? null : spot(landing.barrier(), counters));
        }
      }
      case Step.Product product -> {
        for (Step.At read : product.reads()) {
          spots.add(spot(read, counters));
        }
        if (product.updates() != null) {
          spots.add(spot(product.updates(), counters));
        }
      }
      case Step.Meet meet -> {
        if (!meetings.contains(meet.barrier())) {
          meetings.add(meet.barrier());
        }
      }
      case Step.Await _, Step.Fence _ -> { }
      case Step.Loop _ -> throw new IllegalStateException("loops are unrolled");
    }
    return spots;
  }

  private Spot spot(Step.At at, Map<String, Integer> counters) {
    Integer first = firstSlot.get(at.ring());
    if (first == null) {
      throw new IllegalArgumentException("no ring " + at.ring());
    }
    int position = at.position().at(counters);
    return new Spot(first + Math.floorMod(position, depth.get(at.ring())), position);
  }
}
