// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.List;

/// What values and orders mean for the times of two nodes: `t(to) + distance * II >= t(from) + delay`, and a handoff more
/// where the value crosses groups.
///
/// @param from     index of a node
/// @param to       index of a node
/// @param carries  the value that passes, or null
record Dependence(int from, int to, int delay, int distance, Value carries) {
  static List<Dependence> of(Problem problem) {
    List<Dependence> all = new ArrayList<>();
    for (Value value : problem.values()) {
      int from = problem.nodeIndex(value.producer());
      for (Value.Use use : value.uses()) {
        all.add(new Dependence(from, problem.nodeIndex(use.node()), problem.nodes().get(from).latency(), use.distance(),
            value));
      }
    }
    for (Order order : problem.orders()) {
      all.add(new Dependence(problem.nodeIndex(order.before()), problem.nodeIndex(order.after()), order.delay(),
          order.distance(), null));
    }
    return all;
  }

  boolean isInRegisters() {
    return carries != null && carries.place() instanceof Value.Registers;
  }
}
