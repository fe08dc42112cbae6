// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.cli.verify.KernelFiles;
import kcc.launcher.AtomicFile;
import kcc.launcher.Device;
import kcc.launcher.cpu.CpuDevice;
import kcc.launcher.verify.SizeRange;
import kcc.launcher.verify.Verifier;
import kcc.launcher.verify.VerifyList;
import kcc.launcher.verify.VerifyOptions;
import kcc.mlir.diag.Outcome;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc verify`: kernels with random shapes and inputs against a reference in `f64`.
final class VerifyCommand implements Command {
  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String summary() {
    return "compare kernels with a reference in f64, on random shapes and inputs";
  }

  @Override
  public String synopsis() {
    return "FILE.py|FILE.kcc|DIR... [--device cpu|cuda] [--list FILE] [--shapes N] [--seed S]";
  }

  @Override
  public String details() {
    return """
        Shapes and inputs of a native kernel follow from its source. A list says what does not: for Triton kernels,
        indices, special inputs and tolerances, one kernel a line, for example
          softmax N=1..4096 signature=x_ptr:*f32:16,y_ptr:*f32:16,n:i32 -DBLOCK=4096 x_ptr=random(M,N) ... grid=M
        Without --list it is the file verify.txt beside the kernels or in the folder above. docs/tools.md has the
        grammar. A .kcc file must have been compiled with --with-reference.
          generators of arrays:
        %s
        exit code 1 when a kernel is wrong; the command that repeats a failing case is printed with it.

        example: kcc verify examples --shapes 10 --seed 1
        """.formatted(VerifyList.generators());
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(option("k", "kernel", "NAME", "only this kernel"))
        .addOption(option("d", "device", "DEVICE", "cpu (the default) or cuda, the NVIDIA GPU of this machine"))
        .addOption(option("t", "target", "CHIP", "what to compile sources for; default is the chip of the device"))
        .addOption(option("l", "list", "FILE", "a list of what to verify"))
        .addOption(option("n", "shapes", "N", "cases for each kernel and line; default " + VerifyOptions.SHAPES))
        .addOption(option(null, "seed", "S", "of all that is drawn; default is another one every time"))
        .addOption(option(null, "case", "N", "only this case"))
        .addOption(option(null, "line", "N", "only this line of the list"))
        .addOption(option(null, "size", "N=1..4096", "range of a size; may be repeated"))
        .addOption(option(null, "elements", "N", "the most elements of all arrays together; default " + VerifyOptions.ELEMENTS))
        .addOption(option("j", "json", "REPORT", "write a report with all cases"))
        .addOption(Option.builder("D").hasArgs().argName("NAME=VALUE").valueSeparator('=')
            .desc("value of a compile-time constant, before those of the list").get());
  }

  private static Option option(String letter, String name, String argument, String meaning) {
    return Option.builder(letter).longOpt(name).hasArg().argName(argument).desc(meaning).get();
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    if (line.getArgList().isEmpty()) {
      throw new UsageException("no file was given", "usage: kcc verify " + synopsis());
    }
    long seed = number(line, "seed", System.nanoTime() & 0xffffffffL);
    VerifyOptions options = new VerifyOptions(
        positive(line, "shapes", VerifyOptions.SHAPES), seed, natural(line, "case"), sizes(line),
        positive(line, "elements", (int) VerifyOptions.ELEMENTS));
    Path report = line.hasOption("json") ? Path.of(line.getOptionValue("json")) : null;
    if (report != null) {
      AtomicFile.checkWritable(report);
    }
    List<Path> files = new ArrayList<>();
    line.getArgList().forEach(word -> files.addAll(KernelFiles.in(Path.of(word))));
    try (Device device = device(line); Device host = new CpuDevice(1)) {
      Verifier verifier = new Verifier(device, host, options, terminal.out()::println);
      VerifyFiles work = new VerifyFiles(verifier, device, line, natural(line, "line"), seed, terminal);
      files.forEach(work::verify);
      boolean passed = verifier.finish();
      if (report != null) {
        verifier.writeReport(report);
      }
      return passed ? Outcome.DONE : Outcome.USER_ERROR;
    }
  }

  private static Device device(CommandLine line) {
    String name = line.getOptionValue("device", Devices.CPU);
    return switch (name) {
      case "cpu" -> Devices.open(Devices.CPU);
      case "cuda" -> Devices.openCuda();
      default -> throw new UsageException("--device '%s' is not known".formatted(name), "write --device cpu or --device cuda");
    };
  }

  private static Map<String, SizeRange> sizes(CommandLine line) {
    Map<String, SizeRange> sizes = new LinkedHashMap<>();
    if (line.hasOption("size")) {
      for (String text : line.getOptionValues("size")) {
        int equals = text.indexOf('=');
        if (equals < 1) {
          throw new UsageException("--size '%s' has no name".formatted(text), "write --size N=1..4096");
        }
        sizes.put(text.substring(0, equals), SizeRange.parse(text.substring(0, equals), text.substring(equals + 1)));
      }
    }
    return sizes;
  }

  private static Integer natural(CommandLine line, String option) {
    return line.hasOption(option) ? (Integer) Math.toIntExact(number(line, option, 0)) : null;
  }

  private static int positive(CommandLine line, String option, int otherwise) {
    long value = number(line, option, otherwise);
    if (value < 1 || value > Integer.MAX_VALUE) {
      throw new UsageException("--%s %d is out of range".formatted(option, value), "give a number from 1 to 2147483647");
    }
    return (int) value;
  }

  private static long number(CommandLine line, String option, long otherwise) {
    String text = line.getOptionValue(option);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw new UsageException("--%s '%s' is no integer".formatted(option, text), null);
    }
  }
}
