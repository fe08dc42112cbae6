// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import kcc.passes.protocol.EventGraph.Access;
import kcc.passes.protocol.EventGraph.Arrival;
import kcc.passes.protocol.EventGraph.Node;
import kcc.passes.protocol.EventGraph.Waiting;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Unrolled.Spot;
import kcc.passes.protocol.Verdict.Fault;

/// Whether what waits and arrivals say is order enough: by vector clocks over the unrolled program, each question about two
/// events answered once for all orders in which the program can run.
///
/// It is, because these rules make every run follow the clocks. Each phase gets the arrivals and bytes that it expects; what
/// counts for a phase comes behind the end of the phase before it; who waits for a phase begins behind the end of the one
/// before, and is done before the next can end, so that a parity means one phase only. By induction over a run nobody
/// then passes a wait early or misses it.
///
/// On that order: two uses of bytes of which one writes do not overlap in time; a read finds the content that it means; a
/// fence lies between threads' uses and those of units that copy and multiply; nothing is under way at the end.
final class OrderCheck {
  /// The first rule that is broken.
  private static final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Verdict.Wrong wrong;

    Broken(Fault fault, String what, List<String> lines) {
      super(what, null, false, false);
      wrong = new Verdict.Wrong(fault, what, lines);
    }
  }

  private final Unrolled program;
  private final Wording wording;
  private final EventGraph graph;
  /// The nodes of phases that end.
  private final Map<Spot, Integer> over = new HashMap<>();
  private Clocks clocks;

  private OrderCheck(Protocol protocol) {
    program = new Unrolled(protocol);
    wording = new Wording(program);
    graph = EventGraph.ofAll(program);
  }

  /// What is wrong with the program at its sizes, or null.
  static Verdict.Wrong wrong(Protocol protocol) {
    OrderCheck check = new OrderCheck(protocol);
    try {
      check.count();
      check.meetings();
      check.waits();
      check.clocks();
      check.slots();
      check.phases();
      check.held();
      check.end();
      return null;
    } catch (Broken broken) {
      return broken.wrong;
    }
  }

  private String name(Event event) {
    return wording.event(event);
  }

  private boolean ordered(int first, int second) {
    return clocks.ordered(first, second);
  }

  // ---- barriers ----

  private void count() {
    Map<Integer, TreeMap<Integer, List<Arrival>>> bySlot = new TreeMap<>();
    for (Arrival arrival : graph.arrivals) {
      bySlot.computeIfAbsent(arrival.at().slot(), _ -> new TreeMap<>())
          .computeIfAbsent(program.phase(arrival.at()), _ -> new ArrayList<>()).add(arrival);
    }
    for (var slot : bySlot.entrySet()) {
      for (var phase : slot.getValue().entrySet()) {
        boolean isLast = phase.getKey().equals(slot.getValue().lastKey());
        count(slot.getKey(), phase.getKey(), phase.getValue(), isLast);
      }
    }
  }

  private void count(int slot, int phase, List<Arrival> arrivals, boolean isLast) {
    int expected = program.barrierOf.get(slot).arrivals();
    int count = 0;
    long announced = 0;
    long landed = 0;
    for (Arrival arrival : arrivals) {
      count += arrival.count();
      announced += arrival.announced();
      landed += arrival.landed();
    }
    String name = wording.phase(slot, phase);
    if (phase < 0) {
      throw new Broken(Fault.PHASE, "%s arrives at %s, and phases begin with 0".formatted(
          wording.agent(arrivals.getFirst().event()), name), lines(arrivals));
    }
    if (count > expected) {
      throw new Broken(Fault.OVERFLOW, "%d arrive at %s, which expects %d".formatted(count, name, expected), lines(arrivals));
    }
    if (announced != landed) {
      throw new Broken(Fault.WRONG_BYTES, "%s is told of %d bytes and gets %d".formatted(name, announced, landed),
          lines(arrivals));
    }
    if (count == expected) {
      over.put(arrivals.getFirst().at(), graph.over(arrivals.getFirst().event(), arrivals.getFirst().at()));
    } else if (!isLast) {
      throw new Broken(Fault.DEADLOCK, "%d arrive at %s, which expects %d: it is not over when others arrive for the next"
          .formatted(count, name, expected), lines(arrivals));
    }
  }

  private List<String> lines(List<Arrival> arrivals) {
    List<String> lines = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      lines.add(name(arrival.event()));
    }
    return lines;
  }

  private void meetings() {
    Map<Spot, Set<Integer>> come = new HashMap<>();
    for (Arrival coming : graph.comings) {
      come.computeIfAbsent(coming.at(), _ -> new HashSet<>()).add(coming.event().agent());
    }
    for (Arrival coming : graph.comings) {
      Step.Meet meet = (Step.Meet) coming.event().step();
      int count = come.get(coming.at()).size();
      if (count > meet.participants()) {
        throw new Broken(Fault.OVERFLOW, "%d groups come to %s, which is for %d".formatted(count, meet.barrier(),
            meet.participants()), List.of(name(coming.event())));
      }
      if (count < meet.participants()) {
        throw new Broken(meet.waits() ? Fault.DEADLOCK : Fault.UNFINISHED,
            "%s, for the time %d, and only %d of %d groups come that often".formatted(name(coming.event()),
                coming.at().position() + 1, count, meet.participants()), List.of(name(coming.event())));
      }
    }
  }

  private void waits() {
    for (Waiting waiting : graph.waitings) {
      int phase = program.phase(waiting.at());
      String name = wording.phase(waiting.at().slot(), phase);
      if (((Step.Wait) waiting.event().step()).inverted()) {
        throw new Broken(Fault.PHASE, "%s waits for parity %d, and %s has parity %d".formatted(name(waiting.event()),
            ~phase & 1, name, phase & 1), List.of(name(waiting.event())));
      }
      if (phase < -1) {
        throw new Broken(Fault.PHASE, "%s waits for %s; of the phases before the first only -1 counts as over".formatted(
            name(waiting.event()), name), List.of(name(waiting.event())));
      }
      if (phase >= 0 && !over.containsKey(waiting.at())) {
        int count = 0;
        for (Arrival arrival : graph.arrivals) {
          count += arrival.at().equals(waiting.at()) ? arrival.count() : 0;
        }
        throw new Broken(Fault.DEADLOCK, "%s for ever: %d of %d arrive at %s".formatted(name(waiting.event()), count,
            program.barrierOf.get(waiting.at().slot()).arrivals(), name), List.of(name(waiting.event())));
      }
    }
  }

  private void clocks() {
    clocks = new Clocks(graph);
    if (clocks.areComplete()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    for (int index : graph.cycle()) {
      Node node = graph.nodes.get(index);
      if (node.part() == EventGraph.Part.PASSED) {
        lines.add(name(node.event()));
      }
    }
    throw new Broken(Fault.DEADLOCK, "each waits for the next and the last for the first: " + String.join("; ", lines), lines);
  }

  private static Spot neighbour(Spot spot, int positions) {
    return new Spot(spot.slot(), spot.position() + positions);
  }

  /// Parities tell phases apart only as long as nobody is a whole phase ahead.
  private void phases() {
    for (Waiting waiting : graph.waitings) {
      int depth = program.barrierOf.get(waiting.at().slot()).depth();
      int phase = program.phase(waiting.at());
      String name = wording.phase(waiting.at().slot(), phase);
      Integer before = over.get(neighbour(waiting.at(), -depth));
      if (phase > 0 && (before == null || !ordered(before, waiting.step()))) {
        throw new Broken(Fault.PHASE, ("%s may begin while phase %d is not over, and the end of phase %d looks like that of"
            + " %s").formatted(name(waiting.event()), phase - 1, phase - 2, name), List.of(name(waiting.event())));
      }
      Integer next = over.get(neighbour(waiting.at(), depth));
      if (next != null && !ordered(waiting.passed(), next)) {
        throw new Broken(Fault.PHASE, "%s may come too late: nothing keeps phase %d from ending before it has seen the end of"
            .formatted(name(waiting.event()), phase + 1) + " " + name, List.of(name(waiting.event())));
      }
    }
    for (Arrival arrival : graph.arrivals) {
      int phase = program.phase(arrival.at());
      Integer before = over.get(neighbour(arrival.at(), -program.barrierOf.get(arrival.at().slot()).depth()));
      if (phase > 0 && (before == null || !ordered(before, arrival.node()))) {
        throw new Broken(Fault.PHASE, "%s may count for phase %d instead of %s: nothing makes it wait for the end of that"
            .formatted(name(arrival.event()), phase - 1, wording.phase(arrival.at().slot(), phase)),
            List.of(name(arrival.event())));
      }
    }
    for (Arrival coming : graph.comings) {
      if (coming.at().position() > 0) {
        int before = graph.over(coming.event(), neighbour(coming.at(), -1));
        if (!ordered(before, coming.node())) {
          throw new Broken(Fault.PHASE, "%s may come again before the others have come once".formatted(name(coming.event())),
              List.of(name(coming.event())));
        }
      }
    }
  }

  // ---- slots ----

  private void slots() {
    List<List<Access>> bySlot = new ArrayList<>();
    for (int slot = 0; slot < program.bufferOf.size(); slot++) {
      bySlot.add(new ArrayList<>());
    }
    for (Access access : graph.accesses) {
      bySlot.get(access.at().slot()).add(access);
    }
    // A read that is overwritten says more than the two writes around it.
    for (boolean bothWrite : new boolean[] {false, true}) {
      for (int slot = 0; slot < bySlot.size(); slot++) {
        List<Access> own = bySlot.get(slot);
        for (int i = 0; i < own.size(); i++) {
          for (int j = i + 1; j < own.size(); j++) {
            pair(own.get(i), own.get(j), bothWrite);
          }
          for (int other : program.overlapping.get(slot)) {
            for (Access access : other > slot ? bySlot.get(other) : List.<Access>of()) {
              pair(own.get(i), access, bothWrite);
            }
          }
        }
      }
    }
    for (List<Access> own : bySlot) {
      for (Access access : own) {
        if (!access.writes()) {
          content(access, own, bySlot);
        }
      }
    }
  }

  private boolean isBefore(Access first, Access second) {
    return ordered(first.end(), second.begin()) && first.event() != second.event();
  }

  private void pair(Access one, Access other, boolean bothWrite) {
    if ((one.writes() && other.writes()) != bothWrite || !one.writes() && !other.writes()) {
      return;
    }
    boolean samePlace = one.at().slot() == other.at().slot();
    boolean turns = one.accumulates() && other.accumulates() && one.at().equals(other.at())
        && one.event().agent() == other.event().agent();
    if (turns) {
      return;
    }
    if (isBefore(one, other)) {
      fence(one, other);
    } else if (isBefore(other, one)) {
      fence(other, one);
    } else if (!samePlace) {
      throw new Broken(Fault.RACE, "%s and %s share bytes, and nothing orders %s and %s".formatted(
          wording.bufferSlot(one.at().slot()), wording.bufferSlot(other.at().slot()), name(one.event()), name(other.event())),
          List.of(name(one.event()), name(other.event())));
    } else {
      boolean oneFirst = one.at().position() != other.at().position() ? one.at().position() < other.at().position()
          : one.writes();
      Access first = oneFirst ? one : other;
      Access second = oneFirst ? other : one;
      boolean sameContent = one.at().position() == other.at().position();
      throw new Broken(Fault.RACE, "%s is %s: nothing makes %s wait until %s is over".formatted(
          sameContent ? wording.buffer(second.at()) : wording.bufferSlot(second.at().slot()),
          sameContent ? "not ready" : "not free", name(second.event()), name(first.event())),
          List.of(name(first.event()), name(second.event())));
    }
  }

  /// Threads' own uses are seen by the units that copy and multiply only behind a fence of these threads.
  private void fence(Access first, Access second) {
    if (!first.byThreads() || second.byThreads()) {
      return;
    }
    for (int fence : graph.fences.get(first.event().agent())) {
      if (ordered(first.end(), fence) && ordered(fence, second.begin())) {
        return;
      }
    }
    throw new Broken(Fault.MISSING_FENCE, "%s is used by threads, %s, and then by a unit of its own, %s, with no fence between"
        .formatted(wording.bufferSlot(first.at().slot()), name(first.event()), name(second.event())),
        List.of(name(first.event()), name(second.event())));
  }

  /// All that writes is ordered with the read by now, and with each other.
  private void content(Access read, List<Access> own, List<List<Access>> bySlot) {
    Access meant = null;
    for (Access access : own) {
      if (access.writes() && access.at().equals(read.at()) && isBefore(access, read)
          && (meant == null || isBefore(access, meant))) {
        meant = access;
      }
    }
    if (meant == null) {
      throw new Broken(Fault.WRONG_CONTENT, "nobody has written %s before %s".formatted(wording.buffer(read.at()),
          name(read.event())), List.of(name(read.event())));
    }
    spoilt(read, meant, own);
    for (int other : program.overlapping.get(read.at().slot())) {
      spoilt(read, meant, bySlot.get(other));
    }
  }

  private void spoilt(Access read, Access meant, List<Access> others) {
    for (Access other : others) {
      if (other.writes() && !other.at().equals(read.at()) && isBefore(other, read) && !isBefore(other, meant)) {
        throw new Broken(Fault.WRONG_CONTENT, "%s finds %s there, which %s has written since".formatted(name(read.event()),
            wording.buffer(other.at()), name(other.event())), List.of(name(meant.event()), name(other.event()),
            name(read.event())));
      }
    }
  }

  // ---- the begin and the end ----

  private void held() {
    for (Arrival arrival : graph.arrivals) {
      held(arrival.event(), arrival.node(), arrival.node(), program.barrierOf.get(arrival.at().slot()).space(),
          wording.barrier(arrival.at()));
    }
    for (Access access : graph.accesses) {
      held(access.event(), access.begin(), access.end(), program.bufferOf.get(access.at().slot()).space(),
          wording.buffer(access.at()));
    }
  }

  /// Somebody who holds the space has begun before it is used, and goes on until that is over.
  private void held(Event event, int begin, int end, String space, String name) {
    boolean begun = false;
    boolean lasts = false;
    boolean isHeld = false;
    for (int agent = 0; agent < program.events.size(); agent++) {
      if (space != null && space.equals(program.protocol.agents().get(agent).holds())) {
        isHeld = true;
        boolean hasSteps = graph.firsts.get(agent) >= 0;
        begun |= hasSteps && ordered(graph.firsts.get(agent), begin);
        lasts |= hasSteps && ordered(end, graph.lasts.get(agent));
      }
    }
    if (isHeld && !(begun && lasts)) {
      throw new Broken(Fault.NOT_THERE, "%s uses %s, and nobody who holds %s %s".formatted(name(event), name, space,
          begun ? "waits until that is over" : "is sure to have begun"), List.of(name(event)));
    }
  }

  private void end() {
    for (int i = 0; i < graph.nodes.size(); i++) {
      Node node = graph.nodes.get(i);
      boolean known = node.part() != EventGraph.Part.DONE;
      for (int last : graph.lasts) {
        known = known || last >= 0 && ordered(i, last);
      }
      if (!known) {
        throw new Broken(Fault.UNFINISHED, "the program may end before this is over: " + name(node.event()),
            List.of(name(node.event())));
      }
    }
  }
}
