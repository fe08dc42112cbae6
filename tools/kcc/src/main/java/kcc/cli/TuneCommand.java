// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.cli.bundle.Bundle;
import kcc.cli.bundle.BundleContents;
import kcc.cli.tune.TuneBuild;
import kcc.driver.CompileRequest;
import kcc.driver.KernelTuning;
import kcc.driver.Tuning;
import kcc.driver.TuningCompiler;
import kcc.launcher.LauncherException;
import kcc.launcher.SizeExpression;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc tune`: the candidates for a kernel's `auto` constants, as a bundle that measures them.
final class TuneCommand implements Command {
  private static final int DEFAULT_CANDIDATES = 32;

  @Override
  public String name() {
    return "tune";
  }

  @Override
  public String summary() {
    return "make a folder that finds the best values of 'auto' constants by measuring";
  }

  @Override
  public String synopsis() {
    return "FILE --target CHIP --sizes NAME=N,... [--sizes NAME=N,...]... -o DIR";
  }

  @Override
  public String details() {
    return """
        The folder is a bundle: it runs on a machine with nothing but a GPU driver, where
          DIR/run --tune RESULT.json
        searches from what the compiler takes, step by step, once for each list of sizes. It may be interrupted and
        goes on where it was. 'kcc compile FILE --tuned RESULT.json' makes variants of what it found.

        example: kcc tune examples/matmul.py --target h100 --sizes M=4096,N=4096,K=4096 -o tune
        """;
  }

  @Override
  public Options options() {
    return CompileOptions.forTuning()
        .addOption(Option.builder("o").hasArg().argName("DIR").desc("the folder to make").get())
        .addOption(Option.builder().longOpt("sizes").hasArg().argName("NAME=N,...")
            .desc("sizes to tune for, all that are known only at launch; may be repeated").get())
        .addOption(Option.builder().longOpt("candidates").hasArg().argName("N")
            .desc("how many are compiled for each list of sizes at most; %d unless told".formatted(DEFAULT_CANDIDATES)).get())
        .addOption(Option.builder("a").longOpt("args").argName("NAME=VALUE").numberOfArgs(Option.UNLIMITED_VALUES)
            .desc("arguments, as 'kcc run' takes them, in place of random arrays and numbers of 1").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    Path source = SingleFile.of(line, "kcc tune " + synopsis());
    if (!line.hasOption("o") || !line.hasOption("sizes")) {
      throw new UsageException("kcc tune needs a folder and sizes", "usage: kcc tune " + synopsis());
    }
    Path folder = Path.of(line.getOptionValue("o"));
    if (Files.exists(folder)) {
      throw new LauncherException("'%s' is there already; name a new folder".formatted(folder));
    }
    List<Map<String, Long>> sizes = new ArrayList<>();
    for (String list : line.getOptionValues("sizes")) {
      Map<String, Long> each = sizes(list);
      if (!sizes.contains(each)) {
        sizes.add(each);
      }
    }
    List<String> targets = line.hasOption("target") ? CompileOptions.targets(line) : List.of(Devices.CPU);
    if (targets.size() != 1) {
      throw new UsageException("a tuning is for one chip, %d were given".formatted(targets.size()), "tune for each on its own");
    }
    CompileRequest request = CompileOptions.request(line, source, targets, null, Set.of());
    TuningCompiler compiler =
        new TuningCompiler(Compilation.compiler(request, terminal), TuneCommand::holds, candidates(line));
    Tuning tuning = compiler.compile(request, sizes);
    List<String> arguments = line.hasOption("args") ? List.of(line.getOptionValues("args")) : List.of();
    TuneBuild build = new TuneBuild(tuning, arguments, Bundle.TUNE);
    Bundle.make(folder, new BundleContents(List.of(), List.of(), null, null, build), () -> Devices.open(Devices.CPU),
        terminal::progress);
    for (KernelTuning kernel : tuning.kernels()) {
      Compilation.print(kernel.leftOut().stream()
          .map(text -> Diagnostic.remark("KCC5032", null, "'%s' without the candidate %s".formatted(kernel.kernel(), text)))
          .toList(), line, terminal);
      terminal.out().println("%s: %d candidates for %d lists of sizes, %d left out".formatted(kernel.kernel(),
          kernel.classes().stream().flatMap(each -> each.candidates().keySet().stream()).distinct().count(),
          kernel.classes().size(), kernel.leftOut().size()));
    }
    return Outcome.DONE;
  }

  /// What depends on other numbers than sizes may hold.
  private static boolean holds(String condition, Map<String, Long> sizes) {
    try {
      return SizeExpression.evaluate(condition, sizes) != 0;
    } catch (LauncherException unknown) {
      return true;
    }
  }

  private static Map<String, Long> sizes(String list) {
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (String part : list.split(",", -1)) {
      String[] words = part.strip().split("=", -1);
      if (words.length != 2 || !words[1].matches("[1-9][0-9]{0,17}")) {
        throw new UsageException("--sizes '%s': '%s' is no size with a number above zero".formatted(list, part.strip()),
            "write --sizes M=4096,N=4096");
      }
      if (sizes.put(words[0], Long.valueOf(words[1])) != null) {
        throw new UsageException("--sizes '%s' has %s twice".formatted(list, words[0]), "repeat --sizes for other sizes");
      }
    }
    return sizes;
  }

  private static int candidates(CommandLine line) {
    String text = line.getOptionValue("candidates", Integer.toString(DEFAULT_CANDIDATES));
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new UsageException("--candidates '%s' is no number from 1 to 9999".formatted(text), "write --candidates 32");
    }
    return Integer.parseInt(text);
  }
}
