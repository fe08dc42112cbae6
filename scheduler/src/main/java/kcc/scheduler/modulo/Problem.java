// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.List;

/// The body of a loop, the units and groups that it can use, and what one iteration leaves to the next.
///
/// An answer gives each operation `i` a start `t` and a group. Iteration `k` of it starts at `t + k * II`, where II is the
/// initiation interval, so units and groups see all iterations at once: what counts is the time modulo II.
///
/// @param quantum times of answers are multiples of it: a coarser grid is solved faster
/// @param handoff cycles that one group needs to tell another that something is ready or free (an arrival at a barrier
///                and the wait for it)
public record Problem(String name, int quantum, int handoff, List<Unit> units, List<Group> groups, List<Space> spaces,
    List<Node> nodes, List<Value> values, List<Order> orders) {
  public Problem {
    units = List.copyOf(units);
    groups = List.copyOf(groups);
    spaces = List.copyOf(spaces);
    nodes = List.copyOf(nodes);
    values = List.copyOf(values);
    orders = List.copyOf(orders);
  }

  public int nodeIndex(String node) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).name().equals(node)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no node " + node);
  }

  public Node node(String node) {
    return nodes.get(nodeIndex(node));
  }

  public int groupIndex(String group) {
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).name().equals(group)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no group " + group);
  }

  /// Cycles for which one iteration occupies a unit.
  int busy(Unit unit) {
    return nodes.stream().filter(node -> unit.name().equals(node.unit())).mapToInt(Node::occupancy).sum();
  }

  /// Rounded up to the grid of times.
  public int toGrid(int cycles) {
    return Math.ceilDiv(cycles, quantum) * quantum;
  }
}
