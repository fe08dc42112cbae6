// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.cli.run.ArgumentArrays;
import kcc.cli.run.ArgumentParser;
import kcc.cli.run.ArraySummary;
import kcc.cli.run.KernelArgument;
import kcc.launcher.AtomicFile;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.HostArray;
import kcc.launcher.Image;
import kcc.launcher.KernelRun;
import kcc.launcher.LauncherException;
import kcc.launcher.npy.NpyFile;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc run`: one launch of one kernel, with arrays from files or generators and results into files.
final class RunCommand implements Command {
  @Override
  public String name() {
    return "run";
  }

  @Override
  public String summary() {
    return "run a kernel once, on the CPU or on the GPU of this machine";
  }

  @Override
  public String synopsis() {
    return "FILE.py|FILE.kcc [--target cpu] [--kernel NAME] --args NAME=VALUE...";
  }

  @Override
  public String details() {
    return """
        arguments, by name, in any order:
          X=x.npy                      an array from a file
          X=x.npy:bf16                 the same, its 16-bit integers read as bf16 (also f8e4m3, f8e5m2 from 8 bits)
          X=random(1823,781)           an array of the parameter's type; the same in every run
          X=random(1823,781):f16:seed=3
          Y=empty(1823,781)->y.npy     written to a file after the run
          scale=0.5                    a number
          generators:
        %s        sizes of native kernels (M, N, ...) come from the shapes of the arrays.

        example: kcc run examples/softmax.py --args 'X=random(4,1000)' 'Y=empty(4,1000)->y.npy'
        """.formatted(ArgumentArrays.generators());
  }

  @Override
  public Options options() {
    return CompileOptions.forOneTarget()
        .addOption(Option.builder("a").longOpt("args").hasArgs().argName("NAME=VALUE").desc("arguments of the kernel").get())
        .addOption(Option.builder("g").longOpt("grid").hasArg().argName("X,Y,Z").desc("launch space, for kernels whose source gives none").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    Path file = SingleFile.of(line, "kcc run FILE --args NAME=VALUE...");
    List<KernelArgument> arguments = new ArrayList<>();
    if (line.hasOption("args")) {
      for (String text : line.getOptionValues("args")) {
        arguments.add(ArgumentParser.parse(text));
      }
    }
    for (KernelArgument argument : arguments) {
      if (argument.saveTo() != null) {
        AtomicFile.checkWritable(argument.saveTo());
      }
    }
    List<Long> grid = grid(line.getOptionValue("grid"));
    String target = line.getOptionValue("target", "cpu");
    FatBinary binary = KernelFile.load(file, line, List.of(target), terminal);
    try (Device device = Devices.open(target)) {
      List<Image> variants = binary.select(kernel(binary, line.getOptionValue("kernel")), device);
      Image image = variants.getFirst();
      Map<String, Object> values = ArgumentArrays.of(arguments, image.manifest());
      try (KernelRun run = KernelRun.prepare(device, variants, values, grid)) {
        run.launch();
        run.finish();
      }
      report(arguments, values, image, terminal);
    }
    return Outcome.DONE;
  }

  private static String kernel(FatBinary binary, String wanted) {
    if (wanted != null) {
      return wanted;
    }
    if (binary.kernels().size() != 1) {
      throw new UsageException(
          "%s has %d kernels: %s".formatted(
              binary.origin(), binary.kernels().size(), String.join(", ", binary.kernels())),
          "name the one to run with --kernel");
    }
    return binary.kernels().iterator().next();
  }

  private static List<Long> grid(String text) {
    List<Long> grid = new ArrayList<>();
    if (text != null) {
      for (String extent : text.split(",")) {
        try {
          grid.add(Long.parseLong(extent.strip()));
        } catch (NumberFormatException notANumber) {
          throw new UsageException("--grid '%s' is no list of integers".formatted(text), "write --grid 128 or --grid 16,4,1");
        }
      }
      if (grid.size() > 3) {
        throw new UsageException("--grid has %d axes, there are at most 3".formatted(grid.size()), null);
      }
    }
    return grid;
  }

  private static void report(
      List<KernelArgument> arguments, Map<String, Object> values, Image image, Terminal terminal) {
    for (KernelArgument argument : arguments) {
      if (values.get(argument.name()) instanceof HostArray array && image.manifest().isWritten(argument.name())) {
        terminal.out().println(ArraySummary.of(argument.name(), array));
        if (argument.saveTo() != null) {
          NpyFile.write(argument.saveTo(), array);
        }
      } else if (argument.saveTo() != null) {
        throw new LauncherException(
            "kernel '%s' does not write '%s', so there is nothing to save in '%s'"
                .formatted(image.kernel(), argument.name(), argument.saveTo()));
      }
    }
  }
}
