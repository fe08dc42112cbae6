// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A picture of shares of the ceiling, as SVG without anything from elsewhere: sweeps as lines over a logarithmic axis
/// of sizes, all other cases as points in rows. It is readable on light and on dark ground.
public final class SharePlot {
  static final int WIDTH = 960;
  static final int LEFT = 64;
  static final int RIGHT = 24;
  private static final int TOP = 40;
  static final int HEIGHT = 360;
  private static final int LEGEND_LINE = 20;
  private static final int ROW = 22;
  static final int NAMES = 380;
  private static final int LONGEST_NAME = 52;
  private static final List<String> LIGHT =
      List.of("#0969da", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#0a7d8c", "#bf3989", "#7d4e00");
  private static final List<String> DARK =
      List.of("#58a6ff", "#ff7b72", "#56d364", "#bc8cff", "#ffa657", "#39c5cf", "#f778ba", "#e3b341");
  private static final int COLORS = LIGHT.size();

  private static final String FONT = """
      .kcc-plot { font: 13px system-ui, sans-serif; }
      .kcc-plot .grid { stroke-width: 1; } .kcc-plot .one { stroke-dasharray: 4 3; }
      .kcc-plot .line { fill: none; stroke-width: 1.5; } .kcc-plot .point { stroke: none; }
      """;

  private final StringBuilder body = new StringBuilder();
  private double highest;

  private SharePlot() {}

  /// The whole document; a note in place of a picture when no case has figures.
  public static String svg(List<BenchResult> results) {
    return new SharePlot().draw(results);
  }

  private String draw(List<BenchResult> results) {
    Map<String, List<BenchResult>> swept = new LinkedHashMap<>();
    List<BenchResult> rows = new ArrayList<>();
    highest = 1.05;
    for (BenchResult result : results) {
      highest = Math.max(highest, result.share() * 1.03);
      if (result.position() != null && result.isOk()) {
        swept.computeIfAbsent(result.series(), name -> new ArrayList<>()).add(result);
      } else if (result.position() == null) {
        rows.add(result);
      }
    }
    int y = 0;
    if (!swept.isEmpty()) {
      y = lines(swept, y);
    }
    if (!rows.isEmpty()) {
      y = rows(rows, y);
    }
    if (y == 0) {
      y = 60;
      text(WIDTH / 2.0, 35, "middle", "", "no figures");
    }
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"kcc-plot\" viewBox=\"0 0 %d %d\" role=\"img\">\n<style>\n%s</style>\n%s</svg>\n"
        .formatted(WIDTH, y, style(), body);
  }

  /// Plain rules rather than variables, which not every program that shows SVG knows.
  private static String style() {
    return FONT + ink("#1f2328", "#d0d7de", "#59636e", LIGHT)
        + "@media (prefers-color-scheme: dark) {\n" + ink("#e6edf3", "#30363d", "#9198a1", DARK) + "}\n";
  }

  private static String ink(String text, String grid, String soft, List<String> colors) {
    StringBuilder rules = new StringBuilder(
        ".kcc-plot text { fill: %s; } .kcc-plot .soft { fill: %s; } .kcc-plot .grid { stroke: %s; } .kcc-plot .one { stroke: %s; }\n"
            .formatted(text, soft, grid, soft));
    for (int i = 0; i < colors.size(); i++) {
      rules.append(".c%d .line, .c%d .whisker { stroke: %s; } .c%d .point { fill: %s; }\n"
          .formatted(i, i, colors.get(i), i, colors.get(i)));
    }
    return rules.toString();
  }

  /// The panel of sweeps; returns where the next one begins.
  private int lines(Map<String, List<BenchResult>> series, int begin) {
    long least = Long.MAX_VALUE;
    long greatest = 1;
    String variable = "";
    for (List<BenchResult> members : series.values()) {
      for (BenchResult result : members) {
        least = Math.min(least, result.position());
        greatest = Math.max(greatest, result.position());
        variable = result.variables().keySet().iterator().next();
      }
    }
    int top = begin + TOP;
    int bottom = top + HEIGHT;
    double first = Math.log(least);
    double width = Math.max(Math.log(greatest) - first, 1e-9);
    text(LEFT, begin + 24, "start", "", "Share of the copy ceiling by " + variable);
    for (int tenth = 0; tenth / 10.0 <= highest; tenth += 2) {
      double y = bottom - HEIGHT * (tenth / 10.0) / highest;
      line(LEFT, y, WIDTH - RIGHT, y, tenth == 10 ? "grid one" : "grid");
      text(LEFT - 8, y + 4, "end", "soft", number(tenth / 10.0));
    }
    int step = Math.max(1, (int) Math.ceil(width / Math.log(2) / 14));
    for (int power = 64 - Long.numberOfLeadingZeros(least - 1); power < 62 && 1L << power <= greatest; power += step) {
      double x = LEFT + (WIDTH - LEFT - RIGHT) * (Math.log(1L << power) - first) / width;
      line(x, top, x, bottom, "grid");
      text(x, bottom + 18, "middle", "soft", Long.toString(1L << power));
    }
    int color = 0;
    int legend = bottom + 40;
    for (Map.Entry<String, List<BenchResult>> entry : series.entrySet()) {
      List<BenchResult> members = new ArrayList<>(entry.getValue());
      members.sort((a, b) -> Long.compare(a.position(), b.position()));
      body.append("<g class=\"c%d\" data-series=\"%s\">\n<polyline class=\"line\" points=\"".formatted(color % COLORS, escape(entry.getKey())));
      StringBuilder points = new StringBuilder();
      for (BenchResult result : members) {
        double x = LEFT + (WIDTH - LEFT - RIGHT) * (Math.log(result.position()) - first) / width;
        double y = bottom - HEIGHT * result.share() / highest;
        body.append(number(x)).append(',').append(number(y)).append(' ');
        points.append("<circle class=\"point\" cx=\"%s\" cy=\"%s\" r=\"3\"><title>%s</title></circle>\n"
            .formatted(number(x), number(y), escape(title(result))));
      }
      body.append("\"/>\n").append(points);
      body.append("<line class=\"line\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n".formatted(LEFT, legend - 4, LEFT + 20, legend - 4));
      text(LEFT + 28, legend, "start", "", String.format(Locale.ROOT, "%s: geometric mean %.3f, least %.3f",
          entry.getKey(), mean(members), members.stream().mapToDouble(BenchResult::share).min().orElse(0)));
      body.append("</g>\n");
      legend += LEGEND_LINE;
      color++;
    }
    return legend + 10;
  }

  private static double mean(List<BenchResult> results) {
    double logarithms = 0;
    for (BenchResult result : results) {
      logarithms += Math.log(result.share());
    }
    return Math.exp(logarithms / results.size());
  }

  /// The panel of single cases; returns where it ends.
  private int rows(List<BenchResult> results, int begin) {
    int top = begin + TOP;
    int bottom = top + ROW * results.size() + 6;
    double width = WIDTH - NAMES - RIGHT - 50;
    text(16, begin + 24, "start", "", "Share of the copy ceiling");
    for (int tenth = 0; tenth / 10.0 <= highest; tenth += 2) {
      double x = NAMES + width * (tenth / 10.0) / highest;
      line(x, top, x, bottom, tenth == 10 ? "grid one" : "grid");
      text(x, bottom + 18, "middle", "soft", number(tenth / 10.0));
    }
    Map<String, Integer> colors = new LinkedHashMap<>();
    for (int row = 0; row < results.size(); row++) {
      BenchResult result = results.get(row);
      double y = top + ROW * (row + 0.5) + 3;
      String kernel = result.series().replaceFirst(" .*", "");
      int color = colors.computeIfAbsent(kernel, name -> colors.size()) % COLORS;
      String name = result.name().length() > LONGEST_NAME
          ? result.name().substring(0, LONGEST_NAME - 1) + "…" : result.name();
      text(NAMES - 12, y + 4, "end", "", name);
      body.append("<g class=\"c%d\">\n".formatted(color));
      if (result.isOk()) {
        double x = NAMES + width * result.share() / highest;
        double half = width * result.share() * result.spread() / 2 / highest;
        line(x - half, y, x + half, y, "whisker");
        body.append("<circle class=\"point\" cx=\"%s\" cy=\"%s\" r=\"4\"><title>%s</title></circle>\n"
            .formatted(number(x), number(y), escape(title(result))));
        text(WIDTH - RIGHT, y + 4, "end", "soft", String.format(Locale.ROOT, "%.3f", result.share()));
      } else {
        text(NAMES + 6, y + 4, "start", "soft", "failed");
      }
      body.append("</g>\n");
    }
    return bottom + 34;
  }

  private static String title(BenchResult result) {
    return String.format(Locale.ROOT, "%s: %.3f, %.0f GB/s, %.1f us",
        result.name(), result.share(), result.gigabytesPerSecond(), result.microseconds());
  }

  private void line(double x1, double y1, double x2, double y2, String style) {
    body.append("<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
        .formatted(style, number(x1), number(y1), number(x2), number(y2)));
  }

  private void text(double x, double y, String anchor, String style, String text) {
    body.append("<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
        .formatted(style, number(x), number(y), anchor, escape(text)));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
