// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Everything that is known to check a protocol, the cheap before the thorough.
///
/// [OrderCheck] for sizes from the least on, [LivenessCheck] for loops of any length, and [ModelCheck], which knows nothing of
/// clocks or phases and plays all orders of the program at its own sizes as far as there is room.
public final class ProtocolCheck {
  /// Sizes that are tried together, from the least on; each alone is tried further.
  private static final int TOGETHER = 2;

  private ProtocolCheck() {}

  /// @param maxStates of the model check; the answer does not wait for more
  public static Verdict of(Protocol protocol, int maxStates) {
    Verdict.Wrong wrong = OrderCheck.wrong(protocol);
    Set<String> counters = new LinkedHashSet<>();
    for (Protocol.Agent agent : protocol.agents()) {
      counters(agent.steps(), counters);
    }
    for (Map<String, Integer> sizes : together(protocol)) {
      Protocol sized = protocol.with(sizes);
      wrong = wrong != null ? wrong : OrderCheck.wrong(sized);
      for (String counter : counters) {
        wrong = wrong != null ? wrong : LivenessCheck.wrong(sized, counter);
      }
    }
    for (Map<String, Integer> sizes : alone(protocol)) {
      wrong = wrong != null ? wrong : OrderCheck.wrong(protocol.with(sizes));
    }
    if (wrong != null) {
      return wrong;
    }
    return switch (ModelCheck.of(protocol, maxStates)) {
      case Verdict.Wrong found -> found;
      case Verdict.Correct correct -> correct;
      case Verdict.Unknown(int states) -> new Verdict.Correct(states);
    };
  }

  private static void counters(List<Step> steps, Set<String> counters) {
    for (Step step : steps) {
      if (step instanceof Step.Loop loop) {
        counters.add(loop.counter());
        counters(loop.body(), counters);
      } else if (step instanceof Step.If(_, List<Step> body)) {
        counters(body, counters);
      }
    }
  }

  private static List<Map<String, Integer>> together(Protocol protocol) {
    List<Map<String, Integer>> all = List.of(Map.of());
    for (Protocol.Size size : protocol.sizes()) {
      List<Map<String, Integer>> more = new ArrayList<>();
      for (Map<String, Integer> sizes : all) {
        for (int i = 0; i < TOGETHER; i++) {
          Map<String, Integer> with = new HashMap<>(sizes);
          with.put(size.name(), size.least() + i);
          more.add(with);
        }
      }
      all = more;
    }
    return all;
  }

  /// Twice around every ring and one more: what goes wrong with a slot or a parity shows when it comes again.
  private static List<Map<String, Integer>> alone(Protocol protocol) {
    int deepest = protocol.deepest();
    List<Map<String, Integer>> all = new ArrayList<>();
    for (Protocol.Size size : protocol.sizes()) {
      for (int i = TOGETHER; i <= 2 * deepest + 1; i++) {
        Map<String, Integer> with = new HashMap<>();
        for (Protocol.Size other : protocol.sizes()) {
          // An outer loop that never runs would hide what goes wrong inside, and one that runs once what goes wrong between
          // its iterations, or between two agents that share them out.
          with.put(other.name(), Math.max(2, other.least()));
        }
        with.put(size.name(), size.least() + i);
        all.add(with);
      }
    }
    return all;
  }
}
