// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import kcc.passes.protocol.Unrolled.Event;
import kcc.passes.protocol.Unrolled.Spot;

/// One iteration of the loops with one counter, or a few of those that go through rings in smaller steps than others, as it
/// comes again and again. The first iterations, which may leave out steps, are not among them.
final class Period {
  /// Some agents take more of a ring's positions in an iteration than others.
  static final class UnevenRates extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnevenRates(String what) {
      super(what, null, false, false);
    }
  }

  /// How many iterations an agent may make while another makes one.
  private static final int MOST_PACES = 4;

  final Unrolled program;
  private final String counter;
  /// Iterations before the first that is like all behind it.
  private final int beginning;
  /// By barrier and then by meeting: by how much positions grow with each period.
  private final int[] strides;
  /// By agent: iterations that it makes in a period.
  private final int[] paces;

  /// @throws UnevenRates when agents go through a ring at rates that have no small common multiple
  Period(Protocol protocol, String counter) {
    this.counter = counter;
    // What is left out at first is about slots that nobody has used yet.
    beginning = protocol.deepest() + 1;
    program = new Unrolled(protocol, counter, beginning + 2 * MOST_PACES);
    strides = new int[protocol.barriers().size() + program.meetings.size()];
    paces = new int[program.events.size()];
    findPaces();
  }

  /// What the agent does in a period; nothing when it has no such loop.
  List<Event> events(int agent) {
    return program.iterations.get(agent) == null ? List.of() : iterations(agent, 0);
  }

  int stride(Event event, Spot spot) {
    return strides[program.ring(event, spot)];
  }

  /// The agent's events of its iterations number `period` (times its pace).
  private List<Event> iterations(int agent, int period) {
    List<Integer> starts = program.iterations.get(agent).starts();
    return program.events.get(agent).subList(starts.get(beginning + period * paces[agent]),
        starts.get(beginning + (period + 1) * paces[agent]));
  }

  /// Gives each agent as many iterations as take it as far in every ring as the others.
  private void findPaces() {
    Arrays.fill(paces, 1);
    boolean changed = true;
    while (changed) {
      changed = false;
      int[] first = new int[strides.length];
      Arrays.fill(first, -1);
      for (int agent = 0; agent < paces.length && !changed; agent++) {
        int[] own = ownStrides(agent);
        for (int ring = 0; ring < own.length && !changed; ring++) {
          if (own[ring] == 0) {
            continue;
          }
          if (first[ring] < 0) {
            first[ring] = agent;
            strides[ring] = own[ring];
          } else if (own[ring] != strides[ring]) {
            boolean isSlow = own[ring] < strides[ring];
            adapt(ring, isSlow ? agent : first[ring], isSlow ? first[ring] : agent, Math.min(own[ring], strides[ring]),
                Math.max(own[ring], strides[ring]));
            changed = true;
          }
        }
      }
    }
  }

  private void adapt(int ring, int slow, int fast, int less, int more) {
    int steps = less <= 0 ? MOST_PACES + 1 : Math.ceilDiv(more, less);
    if (paces[slow] * steps > MOST_PACES) {
      throw new UnevenRates("each iteration of %s takes %s %d positions further in %s, but %d in %s".formatted(counter,
          ringName(ring), more, program.protocol.agents().get(fast).name(), less,
          program.protocol.agents().get(slow).name()));
    }
    paces[slow] *= steps;
  }

  /// By how much the agent's positions grow from one period to the next, by ring.
  private int[] ownStrides(int agent) {
    int[] own = new int[strides.length];
    if (program.iterations.get(agent) == null) {
      return own;
    }
    List<Event> one = iterations(agent, 0);
    List<Event> next = iterations(agent, 1);
    if (one.size() != next.size()) {
      throw new UnevenRates("iterations of %s are not alike in %s".formatted(counter,
          program.protocol.agents().get(agent).name()));
    }
    for (int i = 0; i < one.size(); i++) {
      List<Spot> spots = synchronizing(one.get(i));
      for (int s = 0; s < spots.size(); s++) {
        int ring = program.ring(one.get(i), spots.get(s));
        int stride = synchronizing(next.get(i)).get(s).position() - spots.get(s).position();
        if (stride != 0 && own[ring] != 0 && own[ring] != stride) {
          throw new UnevenRates("an iteration of %s takes %s both %d and %d positions further in %s".formatted(counter,
              ringName(ring), own[ring], stride, program.protocol.agents().get(agent).name()));
        }
        own[ring] = stride != 0 ? stride : own[ring];
      }
    }
    return own;
  }

  private String ringName(int ring) {
    int barriers = program.protocol.barriers().size();
    return ring < barriers ? program.protocol.barriers().get(ring).name() : program.meetings.get(ring - barriers);
  }

  private static List<Spot> synchronizing(Event event) {
    return switch (event.step()) {
      case Step.Wait _, Step.Arrive _, Step.Commit _, Step.Meet _ -> event.spots();
      case Step.Copy copy -> {
        List<Spot> barriers = new ArrayList<>();
        for (int i = 0; i < copy.landings().size(); i++) {
          if (event.spots().get(2 * i + 1) != null) {
            barriers.add(event.spots().get(2 * i + 1));
          }
        }
        yield barriers;
      }
      case Step.Product _, Step.Store _, Step.Await _, Step.Read _, Step.Write _, Step.Fence _ -> List.of();
      case Step.Loop _, Step.If _, Step.Advance _ -> throw new IllegalStateException("loops are unrolled");
    };
  }
}
