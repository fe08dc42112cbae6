// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import kcc.cli.bench.BenchBuild;
import kcc.cli.bench.BenchLine;
import kcc.cli.bench.BenchList;
import kcc.cli.bench.BenchResult;
import kcc.cli.bench.BenchSummary;
import kcc.cli.bench.ReportPage;
import kcc.cli.bench.SharePlot;
import kcc.cli.bench.Sweep;
import kcc.launcher.AtomicFile;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.LauncherException;
import kcc.launcher.bench.BenchCase;
import kcc.launcher.bench.BenchSession;
import kcc.launcher.bench.BenchSettings;
import kcc.launcher.bench.Benchmark;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc bench`: how fast kernels are beside a copy of as many bytes.
final class BenchCommand implements Command {
  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String summary() {
    return "time kernels beside a copy of as many bytes";
  }

  @Override
  public String synopsis() {
    return "FILE.py|FILE.kcc --args NAME=VALUE... [--sweep N=VALUES...] | --list LIST | --report REPORT.json";
  }

  @Override
  public String details() {
    return """
        A list has a benchmark on each line:
          FILE [-D NAME=VALUE]... : KERNEL ARG=VALUE... [grid=X,Y,Z] [bytes=EXPR] [flops=EXPR] [partial=ARG,...]
            [series=NAME] [for NAME=VALUES...]
          softmax.py -D T=bf16 -D BN=1024 : softmax X=random(65536,1024) Y=empty(65536,1024)
          softmax.py -D T=bf16 -D BN=pow2(N) : softmax X=random(M,N) Y=empty(M,N) for N=17..131072:40 M=67108864//N
        Arguments are those of 'kcc run', without files. The variables behind 'for' (or --sweep) take the values
        FIRST..LAST:COUNT (spread evenly on a logarithmic axis), A,B,C or that of an expression.
        Bytes are those of the arrays, read or written once; bytes=EXPR says otherwise.

        example: kcc bench examples/softmax.py --args 'X=random(4096,1000)' 'Y=empty(4096,1000)'
        """;
  }

  @Override
  public Options options() {
    Options options = CompileOptions.forOneTarget();
    option(options, "a", "args", "NAME=VALUE", "arguments of the kernel").setArgs(Option.UNLIMITED_VALUES);
    option(options, null, "sweep", "NAME=VALUES", "variables in the arguments, and what they become")
        .setArgs(Option.UNLIMITED_VALUES);
    option(options, "g", "grid", "X,Y,Z", "launch space, for kernels whose source gives none");
    option(options, null, "bytes", "EXPR", "bytes that a launch moves, over sizes and variables");
    option(options, null, "flops", "EXPR", "operations that a launch does");
    option(options, "l", "list", "LIST", "a file of benchmarks");
    option(options, null, "only", "REGEX", "of a list, the cases whose names match");
    option(options, null, "device", "NAME", "cpu (the default) or cuda");
    option(options, null, "rounds", "N", "rounds in which kernel and copies take turns; 9 unless told");
    options.addOption(Option.builder().longOpt("flush-l2")
        .desc("empty the cache before every launch, instead of rotating through more arrays than it holds").get());
    option(options, null, "report", "FILE", "show this report of a bundle or of --json, and measure nothing");
    option(options, null, "json", "FILE", "write all figures");
    option(options, null, "html", "FILE", "write a page with plot and figures");
    option(options, null, "svg", "FILE", "write the plot");
    return options;
  }

  private static Option option(Options options, String letter, String name, String argument, String text) {
    Option option = Option.builder(letter).longOpt(name).hasArg().argName(argument).desc(text).get();
    options.addOption(option);
    return option;
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    for (String output : List.of("json", "html", "svg")) {
      if (line.hasOption(output)) {
        AtomicFile.checkWritable(Path.of(line.getOptionValue(output)));
      }
    }
    JsonObject report = line.hasOption("report") ? read(line) : measure(line, terminal);
    JsonObject part = report.getAsJsonObject("bench");
    List<BenchResult> results = BenchResult.of(part);
    print(report.getAsJsonObject("device"), results, terminal);
    printOtherParts(report, terminal);
    write(line, "json", new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(report) + "\n");
    write(line, "html", ReportPage.html(report.getAsJsonObject("device"), part));
    write(line, "svg", SharePlot.svg(results));
    return results.stream().allMatch(BenchResult::isOk) ? Outcome.DONE : Outcome.USER_ERROR;
  }

  private static JsonObject read(CommandLine line) {
    if (!line.getArgList().isEmpty() || line.hasOption("list")) {
      throw new UsageException("--report shows what was measured before", "leave out the kernels, or --report");
    }
    String file = line.getOptionValue("report");
    try {
      JsonObject report = JsonParser.parseString(Files.readString(Path.of(file))).getAsJsonObject();
      if (!report.has("device")) {
        throw new LauncherException(report.has("error")
            ? "nothing ran for '%s': %s".formatted(file, report.get("error").getAsString())
            : "'%s' is no report: it names no device".formatted(file));
      }
      if (!report.has("bench")) {
        report.add("bench", BenchSession.header(BenchSettings.DEFAULT));
      }
      return report;
    } catch (NoSuchFileException missing) {
      throw new LauncherException("there is no file '" + file + "'", missing);
    } catch (IOException | JsonParseException | IllegalStateException unreadable) {
      throw new LauncherException("'%s' is no report: %s".formatted(file, unreadable.getMessage()), unreadable);
    }
  }

  private static JsonObject measure(CommandLine line, Terminal terminal) {
    List<BenchLine> lines = lines(line);
    BenchSettings settings = new BenchSettings(rounds(line), line.hasOption("flush-l2"));
    Pattern only = only(line);
    try (Device device = Devices.named(line.getOptionValue("device", Devices.CPU))) {
      String target = line.hasOption("target") ? line.getOptionValue("target") : Devices.targetOf(device);
      BenchBuild build = new BenchBuild(
          List.of(target), request -> Compilation.run(request.tunedBy(CompileOptions.tuned(line)), line, terminal), terminal::progress);
      build.add(lines, null);
      Map<String, FatBinary> binaries = new LinkedHashMap<>();
      build.binaries().forEach((name, bytes) -> binaries.put(name, FatBinary.parse(bytes, name)));
      Benchmark benchmark =
          new Benchmark(device, FatBinary.parse(build.copyKernel(), "the copy kernel"), settings);
      BenchSession session = new BenchSession(benchmark, binaries::get);
      JsonObject part = BenchSession.header(settings);
      JsonArray cases = part.getAsJsonArray("cases");
      for (BenchCase benchCase : build.cases()) {
        if (only == null || only.matcher(benchCase.name()).find()) {
          JsonObject entry = session.run(benchCase);
          cases.add(entry);
          terminal.progress(BenchSession.line(entry));
        }
      }
      JsonObject report = new JsonObject();
      report.addProperty("format", 1);
      report.add("device", BenchSession.describe(device));
      report.add("bench", part);
      return report;
    }
  }

  private static List<BenchLine> lines(CommandLine line) {
    if (line.hasOption("list")) {
      for (String other : List.of("args", "sweep", "grid", "bytes", "flops", "kernel", "D", "signature")) {
        if (line.hasOption(other)) {
          throw new UsageException(
              "%s is for one kernel, --list has all of them".formatted(other.length() == 1 ? "-" + other : "--" + other),
              "write it into the list");
        }
      }
      if (!line.getArgList().isEmpty()) {
        throw new UsageException("a list and a file were given", "name the file in the list, or leave out --list");
      }
      return BenchList.read(Path.of(line.getOptionValue("list")));
    }
    if (line.getArgList().isEmpty()) {
      throw new UsageException("no file was given", "name a kernel file, or a list with --list");
    }
    Sweep sweep = line.hasOption("sweep") ? Sweep.parse(List.of(line.getOptionValues("sweep"))) : Sweep.NONE;
    List<String> arguments = line.hasOption("args") ? List.of(line.getOptionValues("args")) : List.of();
    List<BenchLine> lines = new ArrayList<>();
    for (String file : line.getArgList()) {
      lines.add(new BenchLine(
          file, Path.of(file), CompileOptions.defines(line), line.getOptionValue("signature"),
          line.getOptionValue("kernel"), arguments,
          line.hasOption("grid") ? List.of(line.getOptionValue("grid").split(",")) : List.of(),
          line.getOptionValue("bytes"), line.getOptionValue("flops"), Set.of(), null, sweep));
    }
    return lines;
  }

  private static int rounds(CommandLine line) {
    String text = line.getOptionValue("rounds", Integer.toString(BenchSettings.DEFAULT.rounds()));
    if (!text.matches("[0-9]{1,5}")) {
      throw new UsageException("--rounds '%s' is no number".formatted(text), "write --rounds 9");
    }
    return Integer.parseInt(text);
  }

  private static Pattern only(CommandLine line) {
    try {
      return line.hasOption("only") ? Pattern.compile(line.getOptionValue("only")) : null;
    } catch (PatternSyntaxException malformed) {
      throw new UsageException(
          "--only '%s' is no regular expression: %s".formatted(line.getOptionValue("only"), malformed.getDescription()),
          null);
    }
  }

  private static void print(JsonObject device, List<BenchResult> results, Terminal terminal) {
    terminal.out().println("%s, %s".formatted(device.get("name").getAsString(), device.get("driver").getAsString()));
    Table table = new Table("case", "us", "spread", "GB/s", "copy", "share", "TFLOP/s", "");
    for (BenchResult result : results) {
      if (result.isOk()) {
        table.row(
            result.name(),
            figure("%.2f", result.microseconds()),
            figure("%.1f %%", 100 * result.spread()),
            rate(result.gigabytesPerSecond()),
            rate(result.ceiling()),
            figure("%.3f", result.share()),
            result.teraflops() == null ? "" : figure("%.2f", result.teraflops()),
            String.join(", ", result.notes()));
      } else {
        table.row(result.name(), "FAIL", "", "", "", "", "", "");
      }
    }
    terminal.out().print(table.render());
    for (BenchResult result : results) {
      if (!result.isOk()) {
        terminal.out().println("FAIL: %s: %s".formatted(result.name(), result.error()));
      }
    }
    for (BenchSummary summary : BenchSummary.of(results)) {
      terminal.out().println(String.format(Locale.ROOT, "%s: %d cases, geometric mean %.3f, least %.3f (%s)",
          summary.series(), summary.count(), summary.mean(), summary.least().share(), summary.least().name()));
    }
  }

  /// A bundle's report has self-tests and verified kernels too, and may have been cut short.
  private static void printOtherParts(JsonObject report, Terminal terminal) {
    for (String part : List.of("tests", "verify")) {
      if (report.has(part)) {
        JsonArray cases = report.getAsJsonObject(part).getAsJsonArray("cases");
        List<String> failed = new ArrayList<>();
        for (JsonElement element : cases) {
          JsonObject entry = element.getAsJsonObject();
          if (!entry.get("status").getAsString().equals("ok")) {
            failed.add(entry.get("name").getAsString());
          }
        }
        terminal.out().println("%s: %d cases, %d failed%s".formatted(
            part, cases.size(), failed.size(), failed.isEmpty() ? "" : ": " + String.join(", ", failed)));
      }
    }
    if (report.has("incomplete")) {
      terminal.out().println("not complete: " + report.get("incomplete").getAsString());
    }
  }

  private static String rate(double gigabytesPerSecond) {
    return figure(gigabytesPerSecond < 10 ? "%.2f" : "%.0f", gigabytesPerSecond);
  }

  private static String figure(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static void write(CommandLine line, String option, String text) {
    if (line.hasOption(option)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      AtomicFile.write(Path.of(line.getOptionValue(option)), ByteBuffer.wrap(bytes));
    }
  }
}
