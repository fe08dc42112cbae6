// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.schedule;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import kcc.driver.KernelSchedule;
import kcc.driver.LoopSchedule;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.modulo.Node;
import kcc.scheduler.modulo.ResourceUse;

/// Schedules as one HTML file with nothing from elsewhere. What there is to see is there without the script, which only tells
/// more about the bar that has the focus and moves the focus with the arrow keys.
public final class SchedulePage {
  private static final int LEFT = 150;
  private static final int WIDTH = 820;
  private static final int ROW = 34;
  private static final int BAR = 24;
  private static final int TOP = 22;

  private static final String STYLE = """
      :root { color-scheme: light dark; --text: #1f2328; --soft: #59636e; --line: #d0d7de; --lane: #f3f5f7; --page: #ffffff;
        --c0: #8250df; --c1: #0969da; --c2: #1a7f37; --c3: #bc4c00; --on: #ffffff; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #e6edf3; --soft: #9198a1; --line: #30363d; --lane: #161b22; --page: #0d1117;
          --c0: #a371f7; --c1: #4493f8; --c2: #3fb950; --c3: #f0883e; --on: #0d1117; }
      }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 1040px; margin: 2rem auto; padding: 0 1rem;
        color: var(--text); background: var(--page); }
      h2 { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: 1rem; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: 0.5rem 0 1rem; }
      th, td { padding: 0.15rem 0.7rem; text-align: right; border-bottom: 1px solid var(--line); }
      th.text, td.text { text-align: left; } table.operations td { white-space: nowrap; }
      figure { margin: 1rem 0; overflow-x: auto; }
      svg { width: 100%; min-width: 640px; height: auto; }
      svg text { font: 12px system-ui, sans-serif; fill: var(--text); }
      svg .tick { fill: var(--soft); } svg .grid { stroke: var(--line); } svg .lane { fill: var(--lane); }
      svg .bar rect { stroke: var(--page); stroke-width: 1; } svg .bar text { fill: var(--on); pointer-events: none; }
      svg .bar { outline: none; } svg .bar:focus rect, svg .bar:hover rect { stroke: var(--text); stroke-width: 2; }
      .c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); }
      .soft { color: var(--soft); }
      output { display: block; min-height: 1.5em; }
      @media print { body { max-width: none; margin: 0; } h2, figure, table { break-inside: avoid; }
        svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } output { display: none; } }
      """;

  private static final String SCRIPT = """
      for (const figure of document.querySelectorAll('figure.schedule')) {
        const bars = [...figure.querySelectorAll('.bar')];
        const told = figure.querySelector('output');
        bars.forEach((bar, i) => {
          const tell = () => { told.textContent = bar.getAttribute('aria-label'); };
          bar.addEventListener('focus', tell);
          bar.addEventListener('mouseenter', tell);
          bar.addEventListener('keydown', event => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
            if (step) { event.preventDefault(); bars[(i + step + bars.length) % bars.length].focus(); }
          });
        });
      }
      """;

  private SchedulePage() {}

  public static String html(String source, List<KernelSchedule> kernels) {
    StringBuilder page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>")
        .append(escape("Schedule of " + source)).append("</title>\n<style>\n").append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>").append(escape("Schedule of " + source)).append("</h1>\n")
        .append("<p class=\"soft\">The steady state of each loop, solved for the operations, groups and channels that the "
            + "compiler made and the times of the chip's data files. A bar of a unit is as long as the unit is busy, a bar of "
            + "warps as long as an operation holds their instruction stream. The stage says how many steps ago the "
            + "operation's iteration began.</p>\n");
    kernels.forEach(kernel -> kernel(page, kernel));
    // '<' would end the element inside of a text.
    String data = ScheduleJson.text(ScheduleJson.of(source, kernels)).replace("<", "\\u003c");
    return page.append("<script type=\"application/json\" id=\"schedule\">").append(data).append("</script>\n<script>\n")
        .append(SCRIPT).append("</script>\n</body>\n</html>\n").toString();
  }

  private static void kernel(StringBuilder page, KernelSchedule kernel) {
    page.append("<section>\n<h2>").append(escape(ScheduleWords.title(kernel))).append("</h2>\n");
    if (kernel.grouped() == null) {
      paragraph(page, "same", ScheduleWords.place(kernel.why().location()) + kernel.why().text());
      page.append("</section>\n");
      return;
    }
    kernel.loops().forEach(loop -> loop(page, kernel, loop));
    if (kernel.loops().isEmpty()) {
      paragraph(page, "same", "its groups run no loop together");
    }
    channels(page, kernel);
    groups(page, kernel.grouped());
    memory(page, kernel);
    page.append("</section>\n");
  }

  private static void loop(StringBuilder page, KernelSchedule kernel, LoopSchedule loop) {
    if (loop.loop().at() != null) {
      page.append("<h3>").append(escape("Loop at " + ScheduleWords.line(loop.loop().at()))).append("</h3>\n");
    }
    if (loop.schedule() != null) {
      paragraph(page, "headline", ScheduleWords.headline(kernel, loop));
      figure(page, loop);
      resources(page, loop);
      operations(page, loop);
    }
    List<String> verdicts = ScheduleWords.verdicts(kernel, loop);
    if (!verdicts.isEmpty()) {
      page.append("<ul>\n");
      verdicts.forEach(verdict -> page.append("<li>").append(escape(verdict)).append("</li>\n"));
      page.append("</ul>\n");
    }
  }

  private static void figure(StringBuilder page, LoopSchedule loop) {
    List<Bars.Row> rows = Bars.of(loop);
    int interval = loop.schedule().interval();
    int height = TOP + rows.size() * ROW + 6;
    page.append("<figure class=\"schedule\" aria-label=\"bars of one step of %d cycles\">%n".formatted(interval));
    page.append("<svg viewBox=\"0 0 %d %d\" role=\"group\">%n".formatted(LEFT + WIDTH + 30, height));
    for (int tick = 0; tick <= 8; tick++) {
      double x = LEFT + (double) WIDTH * tick / 8;
      page.append(text("tick", x, 14, "middle", String.valueOf(Math.round((double) interval * tick / 8))));
      page.append("<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%d\" y2=\"%d\"/>%n".formatted(number(x), number(x), TOP - 4, height));
    }
    for (int r = 0; r < rows.size(); r++) {
      Bars.Row row = rows.get(r);
      int y = TOP + r * ROW;
      page.append(text("name", LEFT - 8, y + BAR / 2.0 + 8, "end", row.title()));
      page.append("<rect class=\"lane\" data-row=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n".formatted(
          escape(row.name()), LEFT, y + 2, WIDTH, BAR + 4));
      for (Bars.Bar bar : row.bars()) {
        bar(page, loop, row, bar, y + 4);
      }
    }
    page.append("</svg>\n<output aria-live=\"polite\"></output>\n</figure>\n");
  }

  private static void bar(StringBuilder page, LoopSchedule loop, Bars.Row row, Bars.Bar bar, int y) {
    GroupedKernel.Operation operation = loop.loop().operations().get(bar.operation());
    Node node = loop.loop().ordered().nodes().get(bar.operation());
    int interval = loop.schedule().interval();
    double x = LEFT + (double) WIDTH * bar.from() / interval;
    double width = (double) WIDTH * bar.length() / interval;
    String told = "%s, %s, %s: starts at cycle %d of stage %d; its unit is busy for %d cycles, its warps for %d, its result is there after %d"
        .formatted(operation.label(), node.group(), ScheduleWords.line(operation), loop.schedule().cycle(bar.operation()),
            loop.schedule().stage(bar.operation()), node.occupancy(), node.issue(), node.latency());
    page.append("<g class=\"bar\" tabindex=\"0\" role=\"img\" data-row=\"%s\" data-operation=\"%s\" data-from=\"%d\" data-length=\"%d\" aria-label=\"%s\">"
        .formatted(escape(row.name()), escape(operation.name()), bar.from(), bar.length(), escape(told)));
    page.append("<title>%s</title><rect class=\"c%d\" x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" rx=\"2\"/>".formatted(
        escape(told), Bars.colorOf(loop, bar.operation()) % 4, number(x), y, number(width), BAR));
    String label = label(operation.label() + " · " + loop.schedule().stage(bar.operation()), width);
    if (!label.isEmpty()) {
      page.append(text("", x + width / 2, y + BAR / 2.0 + 4, "middle", label));
    }
    page.append("</g>\n");
  }

  /// As much of a text as fits; nothing where that is less than a few letters.
  private static String label(String text, double width) {
    int most = (int) ((width - 6) / 7);
    return text.length() <= most ? text : most < 5 ? "" : text.substring(0, most - 1) + "…";
  }

  private static void resources(StringBuilder page, LoopSchedule loop) {
    page.append("<table class=\"resources\">\n<thead><tr><th class=\"text\">what is shared</th><th>cycles a step</th><th>share</th></tr></thead>\n<tbody>\n");
    for (ResourceUse use : loop.uses()) {
      row(page, 1, ScheduleWords.name(use), use.cycles(), ScheduleWords.share(use, loop));
    }
    page.append("</tbody>\n</table>\n");
  }

  private static void operations(StringBuilder page, LoopSchedule loop) {
    page.append("<table class=\"operations\">\n<thead><tr><th class=\"text\">operation</th><th class=\"text\">line</th>"
        + "<th class=\"text\">group</th><th class=\"text\">unit</th><th>start</th><th>stage</th><th>cycle</th>"
        + "<th>unit busy</th><th>warps busy</th><th>result after</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < loop.loop().operations().size(); i++) {
      GroupedKernel.Operation operation = loop.loop().operations().get(i);
      Node node = loop.loop().ordered().nodes().get(i);
      row(page, 4, operation.label(), ScheduleWords.line(operation), node.group(),
          operation.unit() == null ? "-" : operation.unit().title(), loop.schedule().placements().get(i).start(),
          loop.schedule().stage(i), loop.schedule().cycle(i), node.occupancy(), node.issue(), node.latency());
    }
    page.append("</tbody>\n</table>\n");
  }

  private static void channels(StringBuilder page, KernelSchedule kernel) {
    page.append("<h3>Channels</h3>\n<table class=\"channels\">\n<thead><tr><th class=\"text\">channel</th><th class=\"text\">from</th>"
        + "<th class=\"text\">to</th><th>slots</th><th>needed</th><th>bytes of a slot</th><th>bytes</th></tr></thead>\n<tbody>\n");
    for (int i = 0; i < kernel.grouped().channels().size(); i++) {
      GroupedKernel.Channel channel = kernel.grouped().channels().get(i);
      String needed = "-";
      for (LoopSchedule loop : kernel.loops()) {
        Map<Integer, Integer> slots = loop.schedule() == null ? Map.of() : loop.neededSlots(loop.schedule());
        needed = slots.containsKey(i) ? slots.get(i).toString() : needed;
      }
      row(page, 3, channel.name(), String.join(", ", channel.producers()), String.join(", ", channel.consumers()),
          channel.depth(), needed, channel.slotBytes(), channel.depth() * channel.slotBytes());
    }
    page.append("</tbody>\n</table>\n");
  }

  private static void groups(StringBuilder page, GroupedKernel grouped) {
    page.append("<h3>Groups of warps</h3>\n<table class=\"groups\">\n<thead><tr><th class=\"text\">group</th><th>warps</th><th>registers of a thread</th></tr></thead>\n<tbody>\n");
    grouped.groups().forEach(group -> row(page, 1, group.name(), group.warps(), group.registers()));
    page.append("</tbody>\n</table>\n");
  }

  private static void memory(StringBuilder page, KernelSchedule kernel) {
    GroupedKernel grouped = kernel.grouped();
    int limit = kernel.machine().isa().sharedMemory().maxBytesPerBlock();
    page.append("<h3>Shared memory</h3>\n<figure class=\"memory\">\n<svg viewBox=\"0 0 %d 34\" role=\"img\" aria-label=\"%s\">%n".formatted(
        LEFT + WIDTH + 30, "%d of %d bytes".formatted(grouped.bytes(), limit)));
    page.append("<rect class=\"lane\" x=\"0\" y=\"2\" width=\"%d\" height=\"28\"/>%n".formatted(LEFT + WIDTH));
    for (int i = 0; i < grouped.memory().size(); i++) {
      GroupedKernel.Region region = grouped.memory().get(i);
      page.append("<rect class=\"c%d\" data-offset=\"%d\" data-bytes=\"%d\" x=\"%s\" y=\"4\" width=\"%s\" height=\"24\" stroke=\"var(--page)\"><title>%s</title></rect>%n"
          .formatted(i % 4, region.offset(), region.bytes(), number((double) (LEFT + WIDTH) * region.offset() / limit),
              number((double) (LEFT + WIDTH) * region.bytes() / limit),
              escape("%s: %d bytes from %d".formatted(region.name(), region.bytes(), region.offset()))));
    }
    page.append("</svg>\n</figure>\n<table class=\"memory\">\n<thead><tr><th class=\"text\">what</th><th>offset</th><th>bytes</th></tr></thead>\n<tbody>\n");
    grouped.memory().forEach(region -> row(page, 1, region.name(), region.offset(), region.bytes()));
    row(page, 1, "in all, of %d".formatted(limit), "", grouped.bytes());
    page.append("</tbody>\n</table>\n");
  }

  /// @param words the first cells that are text
  private static void row(StringBuilder page, int words, Object... cells) {
    page.append("<tr>");
    for (int i = 0; i < cells.length; i++) {
      page.append(i < words ? "<td class=\"text\">" : "<td>").append(escape(String.valueOf(cells[i]))).append("</td>");
    }
    page.append("</tr>\n");
  }

  private static void paragraph(StringBuilder page, String kind, String text) {
    page.append("<p class=\"").append(kind).append("\">").append(escape(text)).append("</p>\n");
  }

  private static String text(String kind, double x, double y, String anchor, String text) {
    return "<text%s x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>%n".formatted(kind.isEmpty() ? "" : " class=\"" + kind + "\"",
        number(x), number(y), anchor, escape(text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
