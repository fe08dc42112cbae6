// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.protocol;

import java.util.HashMap;
import java.util.Map;

/// A place in a ring as a sum of counters, of loops and of the agent's own, with factors.
public record Position(int constant, Map<String, Integer> factors) {
  public Position {
    factors = Map.copyOf(factors);
  }

  public static Position of(int constant) {
    return new Position(constant, Map.of());
  }

  /// `factor * counter`.
  public static Position of(String counter, int factor) {
    return new Position(0, Map.of(counter, factor));
  }

  public Position plus(int more) {
    return new Position(constant + more, factors);
  }

  public Position plus(Position other) {
    Map<String, Integer> sum = new HashMap<>(factors);
    other.factors.forEach((counter, factor) -> sum.merge(counter, factor, Integer::sum));
    return new Position(constant + other.constant, sum);
  }

  int at(Map<String, Integer> counters) {
    int value = constant;
    for (var factor : factors.entrySet()) {
      value += factor.getValue() * counters.getOrDefault(factor.getKey(), 0);
    }
    return value;
  }
}
