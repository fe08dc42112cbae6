// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.bench;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/// A report as one HTML file with nothing from elsewhere: the device, the plot and all figures.
public final class ReportPage {
  private static final String STYLE = """
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2rem auto; padding: 0 1rem;
        color: #1f2328; background: #ffffff; }
      table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
      th, td { padding: 0.2rem 0.6rem; text-align: right; border-bottom: 1px solid #d0d7de; }
      th:first-child, td:first-child, td.text { text-align: left; }
      .soft { color: #59636e; } .failed { color: #cf222e; }
      @media (prefers-color-scheme: dark) {
        body { color: #e6edf3; background: #0d1117; } th, td { border-color: #30363d; }
        .soft { color: #9198a1; } .failed { color: #ff7b72; }
      }
      """;

  private ReportPage() {}

  /// @param device the part `device` of the report
  /// @param part   the part `bench`
  public static String html(JsonObject device, JsonObject part) {
    List<BenchResult> results = BenchResult.of(part);
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>kcc bench</title>\n")
        .append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<h1>kcc bench</h1>\n<p class=\"soft\">")
        .append(SharePlot.escape("%s, %s; %d rounds, %s; GB/s counts every byte read or written once".formatted(
            text(device, "name"), text(device, "driver"),
            part.getAsJsonObject("settings").get("rounds").getAsInt(), text(part.getAsJsonObject("settings"), "cache"))))
        .append("</p>\n").append(SharePlot.svg(results));
    summary(page, BenchSummary.of(results));
    page.append("<table>\n<thead><tr><th>case</th><th>µs</th><th>spread</th><th>GB/s</th><th>copy GB/s</th>"
        + "<th>share</th><th>TFLOP/s</th><th></th></tr></thead>\n<tbody>\n");
    for (BenchResult result : results) {
      row(page, result);
    }
    page.append("</tbody>\n</table>\n</body>\n</html>\n");
    return page.toString();
  }

  private static String text(JsonObject json, String key) {
    return json.has(key) ? json.get(key).getAsString() : "";
  }

  private static void summary(StringBuilder page, List<BenchSummary> summaries) {
    if (summaries.isEmpty()) {
      return;
    }
    page.append("<table>\n<thead><tr><th>series</th><th>cases</th><th>geometric mean</th><th>least</th>"
        + "<th></th></tr></thead>\n<tbody>\n");
    for (BenchSummary summary : summaries) {
      page.append(String.format(Locale.ROOT,
          "<tr><td>%s</td><td>%d</td><td>%.3f</td><td>%.3f</td><td class=\"text soft\">%s</td></tr>%n",
          SharePlot.escape(summary.series()), summary.count(), summary.mean(), summary.least().share(),
          SharePlot.escape(summary.least().name())));
    }
    page.append("</tbody>\n</table>\n");
  }

  private static void row(StringBuilder page, BenchResult result) {
    page.append("<tr><td>").append(SharePlot.escape(result.name())).append("</td>");
    if (result.isOk()) {
      page.append(String.format(Locale.ROOT,
          "<td>%.2f</td><td>%.1f %%</td><td>%.0f</td><td>%.0f</td><td>%.3f</td><td>%s</td><td class=\"text soft\">%s</td>",
          result.microseconds(), 100 * result.spread(), result.gigabytesPerSecond(), result.ceiling(), result.share(),
          result.teraflops() == null ? "" : String.format(Locale.ROOT, "%.1f", result.teraflops()),
          SharePlot.escape(String.join(", ", result.notes()))));
    } else {
      page.append("<td class=\"text failed\" colspan=\"7\">").append(SharePlot.escape(result.error())).append("</td>");
    }
    page.append("</tr>\n");
  }
}
