// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kcc.cli.bench.BenchBuild;
import kcc.cli.bench.BenchLine;
import kcc.cli.bench.BenchList;
import kcc.cli.bundle.Bundle;
import kcc.cli.bundle.BundleContents;
import kcc.cli.verify.VerifyBuild;
import kcc.launcher.LauncherException;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc bundle`: compiled kernels with everything to run them on a GPU machine.
final class BundleCommand implements Command {
  /// What a GPU machine most often has: its images run on the H200 too.
  private static final String DEFAULT_TARGET = "h100";

  @Override
  public String name() {
    return "bundle";
  }

  @Override
  public String summary() {
    return "make a folder that runs compiled kernels on a machine with nothing but a GPU driver";
  }

  @Override
  public String synopsis() {
    return "-o DIR [FILE.kcc...] [--test TEST]... [--tests FILE] [--verify FILE|DIR]... [--bench LIST]...";
  }

  @Override
  public String details() {
    return """
        A test is a kernel with its arguments, written as for 'kcc run', and may have tolerances:
          --test 'softmax X=random(33,1000) Y=empty(33,1000) rtol=1e-5'
        Its expected results come from the image for cpu in the same file. --tests reads one test from each line.
        Kernels to be verified are compiled for --target, with the reference, as 'kcc verify' compiles them.
        A list of benchmarks, as 'kcc bench --list' takes it, is compiled for --target.
        On the other machine, DIR/run REPORT.json runs everything and writes one report, which 'kcc bench --report'
        shows; DIR/run --bench --time-limit 300 --only softmax REPORT.json runs a part of it.
        """;
  }

  @Override
  public Options options() {
    return CompileOptions.withTuned(new Options())
        .addOption(Option.builder("o").hasArg().argName("DIR").desc("the folder to make").get())
        .addOption(Option.builder().longOpt("test").hasArg().argName("TEST").desc("a self-test; may be repeated").get())
        .addOption(Option.builder().longOpt("tests").hasArg().argName("FILE").desc("a file of self-tests").get())
        .addOption(Option.builder().longOpt("verify").hasArg().argName("FILE|DIR")
            .desc("kernels to verify; may be repeated").get())
        .addOption(Option.builder().longOpt("verify-list").hasArg().argName("FILE")
            .desc("what to draw for them; verify.txt beside them unless told").get())
        .addOption(Option.builder("b").longOpt("bench").hasArg().argName("LIST").desc("a file of benchmarks; may be repeated").get())
        .addOption(Option.builder("t").longOpt("target").hasArg().argName("CHIP")
            .desc("chips to compile for, separated by commas; h100 unless told").get())
        .addOption(Option.builder().longOpt("keep-going")
            .desc("leave out what does not compile, with its messages").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    if (!line.hasOption("o") || line.getArgList().isEmpty() && !line.hasOption("bench") && !line.hasOption("verify")) {
      throw new UsageException(
          "kcc bundle needs a folder, and a .kcc file, kernels to verify or a list of benchmarks", "usage: kcc bundle " + synopsis());
    }
    List<Path> files = new ArrayList<>();
    for (String file : line.getArgList()) {
      files.add(Path.of(file));
    }
    List<String> tests = new ArrayList<>();
    if (line.hasOption("test")) {
      tests.addAll(List.of(line.getOptionValues("test")));
    }
    if (line.hasOption("tests")) {
      tests.addAll(read(Path.of(line.getOptionValue("tests"))));
    }
    Path folder = Path.of(line.getOptionValue("o"));
    if (Files.exists(folder)) {
      throw new LauncherException("'%s' is there already; name a new folder".formatted(folder));
    }
    VerifyBuild verify = line.hasOption("verify") ? verification(line, terminal) : null;
    BenchBuild bench = line.hasOption("bench") ? benchmarks(line, terminal) : null;
    Bundle.make(
        folder, new BundleContents(files, tests, verify, bench, null), () -> Devices.open(Devices.CPU), terminal::progress);
    return Outcome.DONE;
  }

  private static List<String> targets(CommandLine line) {
    return line.hasOption("target") ? CompileOptions.targets(line) : List.of(DEFAULT_TARGET);
  }

  private static Consumer<RuntimeException> refused(CommandLine line, Terminal terminal) {
    return line.hasOption("keep-going") ? refused -> warn(refused, terminal) : null;
  }

  private static VerifyBuild verification(CommandLine line, Terminal terminal) {
    VerifyBuild build =
        new VerifyBuild(targets(line), request -> Compilation.run(request.tunedBy(CompileOptions.tuned(line)), line, terminal), terminal::progress);
    Path list = line.hasOption("verify-list") ? Path.of(line.getOptionValue("verify-list")) : null;
    for (String kernels : line.getOptionValues("verify")) {
      build.add(Path.of(kernels), list, refused(line, terminal));
    }
    return build;
  }

  private static BenchBuild benchmarks(CommandLine line, Terminal terminal) {
    List<BenchLine> lines = new ArrayList<>();
    for (String list : line.getOptionValues("bench")) {
      lines.addAll(BenchList.read(Path.of(list)));
    }
    BenchBuild build =
        new BenchBuild(targets(line), request -> Compilation.run(request.tunedBy(CompileOptions.tuned(line)), line, terminal), terminal::progress);
    build.add(lines, refused(line, terminal));
    return build;
  }

  private static void warn(RuntimeException refused, Terminal terminal) {
    if (refused instanceof KccException compile) {
      terminal.err().print(terminal.printer().render(compile.diagnostics()));
      terminal.err().println("note: it is left out");
    } else {
      terminal.err().println("warning: left out: " + refused.getMessage());
    }
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(text -> !text.isEmpty() && !text.startsWith("#"))
          .toList();
    } catch (IOException failure) {
      throw new LauncherException("cannot read '%s': %s".formatted(file, failure.getMessage()), failure);
    }
  }
}
