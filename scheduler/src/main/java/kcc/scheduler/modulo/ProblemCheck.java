// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether a problem makes sense: solvers rely on it and look no further.
public final class ProblemCheck {
  private final Problem problem;
  private final List<String> faults = new ArrayList<>();
  private final Set<String> units = new HashSet<>();
  private final Set<String> groups = new HashSet<>();
  private final Set<String> spaces = new HashSet<>();
  private final Map<String, Node> nodes = new HashMap<>();

  private ProblemCheck(Problem problem) {
    this.problem = problem;
  }

  /// What is wrong, in words; nothing for a sound problem.
  public static List<String> faults(Problem problem) {
    return new ProblemCheck(problem).run();
  }

  private List<String> run() {
    expect(problem.quantum() > 0, "the quantum is %d cycles", problem.quantum());
    expect(problem.handoff() >= 0, "a handoff takes %d cycles", problem.handoff());
    expect(!problem.nodes().isEmpty(), "there is no node");
    expect(!problem.groups().isEmpty(), "there is no group");
    for (Unit unit : problem.units()) {
      expect(units.add(unit.name()), "two units are called %s", unit.name());
    }
    for (Space space : problem.spaces()) {
      expect(spaces.add(space.name()), "two spaces are called %s", space.name());
      expect(space.capacity() > 0, "space %s has room for %d", space.name(), space.capacity());
    }
    for (Group group : problem.groups()) {
      expect(groups.add(group.name()), "two groups are called %s", group.name());
      expect(group.registers() >= 0, "group %s has %d registers", group.name(), group.registers());
    }
    for (Group group : problem.groups()) {
      expect(group.like() == null || groups.contains(group.like()), "group %s is like the unknown group %s",
          group.name(), group.like());
    }
    problem.nodes().forEach(this::node);
    problem.values().forEach(this::value);
    for (Order order : problem.orders()) {
      known(order.before(), "an order");
      known(order.after(), "an order");
      expect(order.distance() >= 0, "the order of %s and %s reaches %d iterations back", order.before(), order.after(),
          order.distance());
    }
    if (faults.isEmpty()) {
      acyclic();
    }
    return faults;
  }

  private void expect(boolean holds, String fault, Object... arguments) {
    if (!holds) {
      faults.add(fault.formatted(arguments));
    }
  }

  private void known(String node, String where) {
    expect(nodes.containsKey(node), "%s names the unknown node %s", where, node);
  }

  private void node(Node node) {
    expect(nodes.put(node.name(), node) == null, "two nodes are called %s", node.name());
    expect(node.unit() == null || units.contains(node.unit()), "node %s is for the unknown unit %s", node.name(),
        node.unit());
    expect(node.group() == null || groups.contains(node.group()), "node %s is for the unknown group %s", node.name(),
        node.group());
    expect(node.occupancy() >= 0 && (node.unit() != null) == (node.occupancy() > 0),
        "node %s occupies unit %s for %d cycles", node.name(), node.unit(), node.occupancy());
    expect(node.issue() > 0, "node %s takes %d cycles to issue", node.name(), node.issue());
    expect(node.latency() >= 0, "node %s has a latency of %d cycles", node.name(), node.latency());
    expect(node.reads() >= 0, "node %s reads for %d cycles", node.name(), node.reads());
  }

  private void value(Value value) {
    known(value.producer(), "value " + value.name());
    expect(problem.values().stream().filter(other -> other.name().equals(value.name())).count() == 1,
        "two values are called %s", value.name());
    for (Value.Use use : value.uses()) {
      known(use.node(), "value " + value.name());
      expect(use.distance() >= 0, "%s uses %s of %d iterations before", use.node(), value.name(), use.distance());
    }
    switch (value.place()) {
      case Value.Registers registers ->
        expect(registers.perThread() > 0, "value %s takes %d registers", value.name(), registers.perThread());
      case Value.Slots slots -> {
        expect(spaces.contains(slots.space()), "value %s lies in the unknown space %s", value.name(), slots.space());
        expect(slots.size() > 0, "value %s takes %d of %s", value.name(), slots.size(), slots.space());
      }
    }
  }

  /// Within an iteration nothing waits for itself.
  private void acyclic() {
    Map<String, List<String>> next = new HashMap<>();
    for (Dependence dependence : Dependence.of(problem)) {
      if (dependence.distance() == 0) {
        next.computeIfAbsent(problem.nodes().get(dependence.from()).name(), _ -> new ArrayList<>())
            .add(problem.nodes().get(dependence.to()).name());
      }
    }
    Set<String> done = new HashSet<>();
    for (Node node : problem.nodes()) {
      if (visit(node.name(), next, done, new HashSet<>())) {
        faults.add("node %s waits for itself within one iteration".formatted(node.name()));
        return;
      }
    }
  }

  private static boolean visit(String node, Map<String, List<String>> next, Set<String> done, Set<String> open) {
    if (done.contains(node)) {
      return false;
    }
    if (!open.add(node)) {
      return true;
    }
    for (String other : next.getOrDefault(node, List.of())) {
      if (visit(other, next, done, open)) {
        return true;
      }
    }
    open.remove(node);
    done.add(node);
    return false;
  }
}
