// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.modulo;

import java.util.ArrayList;
import java.util.List;

/// Whether a schedule answers a problem. It shares no code with solvers and works in exact cycles where they round.
public final class ScheduleCheck {
  private final Problem problem;
  private final Schedule schedule;
  private final List<String> faults = new ArrayList<>();

  private ScheduleCheck(Problem problem, Schedule schedule) {
    this.problem = problem;
    this.schedule = schedule;
  }

  /// What is violated, in words; nothing for a valid schedule.
  public static List<String> faults(Problem problem, Schedule schedule) {
    return new ScheduleCheck(problem, schedule).run();
  }

  private List<String> run() {
    if (schedule.interval() <= 0 || schedule.placements().size() != problem.nodes().size()) {
      return List.of("%d placements for %d nodes, %d cycles apart".formatted(schedule.placements().size(),
          problem.nodes().size(), schedule.interval()));
    }
    for (int i = 0; i < problem.nodes().size(); i++) {
      placement(i);
    }
    if (!faults.isEmpty()) {
      return faults;
    }
    units();
    groups();
    orders();
    for (Value value : problem.values()) {
      value(value);
    }
    spaces();
    registers();
    return faults;
  }

  private void fault(String text, Object... arguments) {
    faults.add(text.formatted(arguments));
  }

  private int start(String node) {
    return schedule.placements().get(problem.nodeIndex(node)).start();
  }

  private String group(String node) {
    return schedule.placements().get(problem.nodeIndex(node)).group();
  }

  private void placement(int index) {
    Node node = problem.nodes().get(index);
    Schedule.Placement placement = schedule.placements().get(index);
    if (placement.start() < 0) {
      fault("%s starts at %d", node.name(), placement.start());
    }
    if (problem.groups().stream().noneMatch(group -> group.name().equals(placement.group()))) {
      fault("%s runs on the unknown group %s", node.name(), placement.group());
    } else if (node.group() != null && !node.group().equals(placement.group())) {
      fault("%s runs on %s, not on %s", node.name(), placement.group(), node.group());
    }
  }

  private void units() {
    for (Unit unit : problem.units()) {
      List<Node> users = problem.nodes().stream().filter(node -> unit.name().equals(node.unit())).toList();
      exclusive(users, users.stream().mapToInt(Node::occupancy).toArray(), "unit " + unit.name());
    }
  }

  private void groups() {
    for (Group group : problem.groups()) {
      List<Node> members = problem.nodes().stream().filter(node -> group.name().equals(group(node.name()))).toList();
      exclusive(members, members.stream().mapToInt(Node::issue).toArray(), "group " + group.name());
      for (Node node : members) {
        if (node.streaming() && !members.stream().allMatch(Node::streaming)) {
          fault("%s may take any time and shares group %s with others", node.name(), group.name());
        }
      }
    }
  }

  /// No two of the nodes overlap in the steady state, not even with themselves one iteration later.
  private void exclusive(List<Node> nodes, int[] lengths, String where) {
    for (int i = 0; i < nodes.size(); i++) {
      if (lengths[i] > schedule.interval()) {
        fault("%s holds %s for %d cycles of %d", nodes.get(i).name(), where, lengths[i], schedule.interval());
      }
      for (int j = 0; j < nodes.size(); j++) {
        int behind = Math.floorMod(start(nodes.get(j).name()) - start(nodes.get(i).name()), schedule.interval());
        if (i != j && behind < lengths[i]) {
          fault("%s starts %d cycles behind %s, which holds %s for %d", nodes.get(j).name(), behind, nodes.get(i).name(),
              where, lengths[i]);
        }
      }
    }
  }

  private void orders() {
    for (Order order : problem.orders()) {
      int behind = start(order.after()) + order.distance() * schedule.interval() - start(order.before());
      if (behind < order.delay()) {
        fault("%s starts %d cycles behind %s, not %d", order.after(), behind, order.before(), order.delay());
      }
    }
  }

  private void value(Value value) {
    for (Value.Use use : value.uses()) {
      boolean crosses = !group(use.node()).equals(group(value.producer()));
      int ready = start(value.producer()) + problem.node(value.producer()).latency() + (crosses ? problem.handoff() : 0);
      int used = start(use.node()) + use.distance() * schedule.interval();
      if (used < ready) {
        fault("%s uses %s at %d, which is ready at %d", use.node(), value.name(), used, ready);
      }
      if (crosses && value.place() instanceof Value.Registers) {
        fault("%s of %s uses %s in registers of %s", use.node(), group(use.node()), value.name(), group(value.producer()));
      }
    }
  }

  /// When the place of a value is free again, counted from the iteration that computes it.
  private int end(Value value) {
    int end = start(value.producer()) + problem.node(value.producer()).latency();
    for (Value.Use use : value.uses()) {
      int free = start(use.node()) + use.distance() * schedule.interval();
      if (!use.inPlace()) {
        boolean crosses = !group(use.node()).equals(group(value.producer()));
        free += problem.node(use.node()).reads() + (crosses ? problem.handoff() : 0);
      }
      end = Math.max(end, free);
    }
    return end;
  }

  private int begin(Value value) {
    return start(value.producer()) + (value.reserved() ? 0 : problem.node(value.producer()).latency());
  }

  private void spaces() {
    for (Space space : problem.spaces()) {
      long taken = 0;
      for (Value value : problem.values()) {
        if (value.place() instanceof Value.Slots slots && slots.space().equals(space.name())) {
          int depth = schedule.depths().getOrDefault(value.name(), 0);
          if ((long) depth * schedule.interval() < end(value) - begin(value) || depth < 1) {
            fault("%s needs its slot for %d cycles and has %d slots", value.name(), end(value) - begin(value), depth);
          }
          taken += depth * slots.size();
        }
      }
      if (taken > space.capacity()) {
        fault("slots take %d of %s, which has %d", taken, space.name(), space.capacity());
      }
    }
  }

  private void registers() {
    for (Group group : problem.groups()) {
      int most = 0;
      // Demand grows only where some value begins.
      for (Value first : problem.values()) {
        most = Math.max(most, demand(group, begin(first)));
      }
      if (most > group.registers()) {
        fault("values take %d registers of each thread of %s, which has %d", most, group.name(), group.registers());
      }
    }
  }

  /// Registers in use at a time of the steady state.
  private int demand(Group group, int time) {
    int demand = 0;
    for (Value value : problem.values()) {
      if (value.place() instanceof Value.Registers registers && group(value.producer()).equals(group.name())) {
        // Copies k with begin <= time + k * II < end.
        int copies = Math.floorDiv(end(value) - 1 - time, schedule.interval())
            - Math.floorDiv(begin(value) - 1 - time, schedule.interval());
        demand += copies * registers.perThread();
      }
    }
    return demand;
  }
}
