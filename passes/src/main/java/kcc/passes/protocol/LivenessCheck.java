// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.passes.protocol.EventGraph.Node;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Verdict.Fault;

/// Whether loops can run on however many iterations they have.
///
/// One iteration of all loops with one counter is a marked graph. It is live when every cycle of waits has a token, that is
/// when whoever waits for itself does so for an iteration that is behind it. Rates have to agree as well: what is waited for
/// in each iteration has to be arrived at in each. Other loops have the trip counts that the protocol's sizes say.
final class LivenessCheck {
  private final EventGraph graph;
  private final Wording wording;
  private final Unrolled program;
  private final String period;

  private LivenessCheck(EventGraph graph, String period) {
    this.graph = graph;
    this.program = graph.program;
    this.period = period;
    this.wording = new Wording(program);
  }

  /// What is wrong with the loops of that counter, or null.
  static Verdict.Wrong wrong(Protocol protocol, String period) {
    try {
      return new LivenessCheck(EventGraph.ofPeriod(new Period(protocol, period)), period).run();
    } catch (Period.UnevenRates uneven) {
      return new Verdict.Wrong(Fault.DEADLOCK, uneven.getMessage(), List.of());
    }
  }

  private Verdict.Wrong run() {
    Map<Integer, List<EventGraph.Arrival>> phases = new HashMap<>();
    for (EventGraph.Arrival arrival : graph.arrivals) {
      phases.computeIfAbsent(graph.over(arrival.event(), arrival.at()), _ -> new ArrayList<>()).add(arrival);
    }
    boolean isInner = isInner();
    for (List<EventGraph.Arrival> phase : phases.values()) {
      Verdict.Wrong wrong = rate(phase);
      if (wrong != null) {
        // Of inner loops some may take turns: theirs are no iterations of one loop.
        return isInner && wrong.fault() == Fault.OVERFLOW ? null : wrong;
      }
    }
    Set<Protocol.Barrier> arrivedAt = new HashSet<>();
    for (EventGraph.Arrival arrival : graph.arrivals) {
      arrivedAt.add(program.barrierOf.get(arrival.at().slot()));
    }
    for (EventGraph.Waiting waiting : graph.waitings) {
      // What inner loops wait for may be made outside of them.
      boolean isOthers = isInner && !arrivedAt.contains(program.barrierOf.get(waiting.at().slot()));
      if (!isOthers && !phases.containsKey(graph.over(waiting.event(), waiting.at()))) {
        return new Verdict.Wrong(Fault.DEADLOCK, "in some iterations of %s nobody arrives at %s".formatted(period,
            program.barrierOf.get(waiting.at().slot()).name()), List.of(line(graph.nodes.get(waiting.step()))));
      }
    }
    List<Integer> cycle = graph.cycle();
    if (cycle.isEmpty()) {
      return null;
    }
    List<String> trace = new ArrayList<>();
    for (int node : cycle) {
      String line = line(graph.nodes.get(node));
      if (trace.isEmpty() || !trace.getLast().equals(line)) {
        trace.add(line);
      }
    }
    return new Verdict.Wrong(Fault.DEADLOCK, ("the loop %s stops: %d events wait for one another in a circle that no earlier"
        + " iteration begins").formatted(period, trace.size()), trace);
  }

  private String line(Node node) {
    Event event = node.event();
    String step = "%s: %s".formatted(program.protocol.agents().get(event.agent()).name(), wording.ringsOf(event));
    return switch (node.part()) {
      case STEP -> step;
      case PASSED -> step + " is over";
      case DONE -> step + " has ended";
      case OVER -> event.step() instanceof Step.Meet meet ? "all have come to " + meet.barrier()
          : "a phase of %s is over".formatted(program.barrierOf.get(node.spot().slot()).name());
    };
  }

  private boolean isInner() {
    for (Protocol.Agent agent : program.protocol.agents()) {
      for (Step step : agent.steps()) {
        if (step instanceof Step.Loop outer && contains(outer.body())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean contains(List<Step> steps) {
    for (Step step : steps) {
      if (step instanceof Step.Loop loop && (loop.counter().equals(period) || contains(loop.body()))
          || step instanceof Step.If(_, List<Step> body) && contains(body)) {
        return true;
      }
    }
    return false;
  }

  private Verdict.Wrong rate(List<EventGraph.Arrival> phase) {
    Protocol.Barrier barrier = program.barrierOf.get(phase.getFirst().at().slot());
    int count = 0;
    long missing = 0;
    for (EventGraph.Arrival arrival : phase) {
      count += arrival.count();
      missing += arrival.announced() - arrival.landed();
    }
    if (count != barrier.arrivals()) {
      return new Verdict.Wrong(count > barrier.arrivals() ? Fault.OVERFLOW : Fault.DEADLOCK,
          "in each iteration of %s %d arrive at a phase of %s, which expects %d".formatted(period, count, barrier.name(),
              barrier.arrivals()), lines(phase));
    }
    if (missing != 0) {
      return new Verdict.Wrong(Fault.WRONG_BYTES, "in each iteration of %s %d bytes %s land than a phase of %s is told of"
          .formatted(period, Math.abs(missing), missing > 0 ? "less" : "more", barrier.name()), lines(phase));
    }
    return null;
  }

  private List<String> lines(List<EventGraph.Arrival> phase) {
    List<String> lines = new ArrayList<>();
    for (EventGraph.Arrival arrival : phase) {
      lines.add(line(graph.nodes.get(arrival.node())));
    }
    return lines;
  }
}
