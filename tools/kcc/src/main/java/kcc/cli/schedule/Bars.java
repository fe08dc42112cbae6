// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.schedule;

import java.util.ArrayList;
import java.util.List;
import kcc.driver.LoopSchedule;
import kcc.passes.schedule.FunctionalUnit;
import kcc.scheduler.modulo.Group;
import kcc.scheduler.modulo.Node;
import kcc.scheduler.modulo.Problem;
import kcc.scheduler.modulo.Schedule;

/// The steady state of a loop as rows of bars: what each unit does, and what holds the instruction stream of each group.
final class Bars {
  private Bars() {}

  /// @param name  as in the JSON
  /// @param title as people call it
  record Row(String name, String title, boolean isUnit, List<Bar> bars) {
    Row {
      bars = List.copyOf(bars);
    }
  }

  /// @param operation index of the operation
  /// @param from      cycles from the begin of the interval; what goes on beyond its end comes back at its begin
  record Bar(int operation, int from, int length) {}

  static List<Row> of(LoopSchedule loop) {
    Problem problem = loop.loop().ordered();
    Schedule schedule = loop.schedule();
    List<Row> rows = new ArrayList<>();
    for (FunctionalUnit unit : FunctionalUnit.values()) {
      List<Bar> bars = new ArrayList<>();
      for (int i = 0; i < problem.nodes().size(); i++) {
        Node node = problem.nodes().get(i);
        if (unit.word().equals(node.unit())) {
          add(bars, i, schedule.cycle(i), node.occupancy(), schedule.interval());
        }
      }
      if (!bars.isEmpty()) {
        rows.add(new Row("unit " + unit.word(), unit.title(), true, bars));
      }
    }
    for (int g = 0; g < problem.groups().size(); g++) {
      String group = problem.groups().get(g).name();
      List<Bar> bars = new ArrayList<>();
      for (int i = 0; i < problem.nodes().size(); i++) {
        if (schedule.placements().get(i).group().equals(group)) {
          add(bars, i, schedule.cycle(i), problem.nodes().get(i).issue(), schedule.interval());
        }
      }
      rows.add(new Row("warps " + group, "warps of " + group, false, bars));
    }
    return rows;
  }

  private static void add(List<Bar> bars, int operation, int cycle, int length, int interval) {
    int first = Math.min(length, interval - cycle);
    if (first > 0) {
      bars.add(new Bar(operation, cycle, first));
    }
    if (length > first) {
      bars.add(new Bar(operation, 0, length - first));
    }
  }

  /// The place of its group among the groups: pages give each a color.
  static int colorOf(LoopSchedule loop, int operation) {
    String group = loop.schedule().placements().get(operation).group();
    List<String> names = loop.loop().ordered().groups().stream().map(Group::name).toList();
    return names.indexOf(group);
  }
}
