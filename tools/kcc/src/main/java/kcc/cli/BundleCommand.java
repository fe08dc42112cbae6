// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import kcc.cli.bundle.Bundle;
import kcc.launcher.LauncherException;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc bundle`: compiled kernels with everything to run them on a GPU machine.
final class BundleCommand implements Command {
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
    return "-o DIR FILE.kcc... [--test TEST]... [--tests FILE]";
  }

  @Override
  public String details() {
    return """
        A test is a kernel with its arguments, written as for 'kcc run', and may have tolerances:
          --test 'softmax X=random(33,1000) Y=empty(33,1000) rtol=1e-5'
        Its expected results come from the image for cpu in the same file. --tests reads one test from each line.
        On the other machine, DIR/run REPORT.json runs the tests and writes one report.
        """;
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(Option.builder("o").hasArg().argName("DIR").desc("the folder to make").get())
        .addOption(Option.builder().longOpt("test").hasArg().argName("TEST").desc("a self-test; may be repeated").get())
        .addOption(Option.builder().longOpt("tests").hasArg().argName("FILE").desc("a file of self-tests").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    if (!line.hasOption("o") || line.getArgList().isEmpty()) {
      throw new UsageException("kcc bundle needs a folder and a .kcc file", "usage: kcc bundle " + synopsis());
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
    Bundle.make(Path.of(line.getOptionValue("o")), files, tests, () -> Devices.open(Devices.CPU), terminal::progress);
    return Outcome.DONE;
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
