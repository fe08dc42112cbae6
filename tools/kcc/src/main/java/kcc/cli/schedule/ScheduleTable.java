// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.schedule;

import java.util.List;
import java.util.stream.Collectors;
import kcc.cli.Table;
import kcc.driver.KernelSchedule;
import kcc.driver.LoopSchedule;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.modulo.Node;

/// Schedules as text for a terminal.
public final class ScheduleTable {
  private ScheduleTable() {}

  public static String text(List<KernelSchedule> kernels) {
    return kernels.stream().map(ScheduleTable::kernel).collect(Collectors.joining("\n"));
  }

  private static String kernel(KernelSchedule kernel) {
    StringBuilder text = new StringBuilder(ScheduleWords.title(kernel)).append('\n');
    if (kernel.grouped() == null) {
      return text.append(ScheduleWords.place(kernel.why().location())).append(kernel.why().text()).append('\n').toString();
    }
    for (LoopSchedule loop : kernel.loops()) {
      loop(text, kernel, loop);
    }
    if (kernel.loops().isEmpty()) {
      text.append("its groups run no loop together\n");
    }
    GroupedKernel grouped = kernel.grouped();
    Table groups = new Table("group", "warps", "registers");
    grouped.groups().forEach(group -> groups.row(group.name(), group.warps(), group.registers()));
    Table memory = new Table("shared memory", "offset", "bytes");
    grouped.memory().forEach(region -> memory.row(region.name(), region.offset(), region.bytes()));
    memory.row("in all, of " + kernel.machine().isa().sharedMemory().maxBytesPerBlock(), "", grouped.bytes());
    return text.append(groups.render()).append(memory.render()).toString();
  }

  private static void loop(StringBuilder text, KernelSchedule kernel, LoopSchedule loop) {
    if (loop.schedule() != null) {
      text.append(ScheduleWords.place(loop.loop().at())).append(ScheduleWords.headline(kernel, loop)).append('\n');
      Table table = new Table("operation", "line", "group", "unit", "start", "stage", "cycle", "unit busy", "warps busy");
      for (int i = 0; i < loop.loop().operations().size(); i++) {
        GroupedKernel.Operation operation = loop.loop().operations().get(i);
        Node node = loop.loop().ordered().nodes().get(i);
        table.row(operation.label(), ScheduleWords.line(operation), node.group(),
            operation.unit() == null ? "-" : operation.unit().title(), loop.schedule().placements().get(i).start(),
            loop.schedule().stage(i), loop.schedule().cycle(i), node.occupancy(), node.issue());
      }
      text.append(table.render());
      Table uses = new Table("resource", "cycles", "share");
      loop.uses().forEach(use -> uses.row(ScheduleWords.name(use), use.cycles(), ScheduleWords.share(use, loop)));
      text.append(uses.render());
    }
    ScheduleWords.verdicts(kernel, loop).forEach(verdict -> text.append(verdict).append('\n'));
  }
}
