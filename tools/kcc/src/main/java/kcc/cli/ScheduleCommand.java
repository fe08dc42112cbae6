// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import kcc.cli.schedule.ScheduleJson;
import kcc.cli.schedule.SchedulePage;
import kcc.cli.schedule.ScheduleTable;
import kcc.driver.CompileRequest;
import kcc.driver.CompileResult;
import kcc.driver.CompiledKernel;
import kcc.driver.KernelSchedule;
import kcc.launcher.AtomicFile;
import kcc.mlir.diag.Outcome;
import kcc.scheduler.machine.Isa;
import kcc.targets.data.Machines;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/// `kcc schedule`: how the groups of warps of a kernel share the units of a chip, step by step.
final class ScheduleCommand implements Command {
  private static final String USAGE = "kcc schedule FILE --target CHIP";

  @Override
  public String name() {
    return "schedule";
  }

  @Override
  public String summary() {
    return "show how groups of warps share the units of a chip in the loops of a kernel";
  }

  @Override
  public String synopsis() {
    return "FILE --target CHIP [--html OUT.html] [--json OUT.json]";
  }

  @Override
  public String details() {
    return """
        Without --html and --json a table is printed. Times are cycles of one multiprocessor, from its data files.

        example: kcc schedule examples/matmul.py --target h100 --html matmul.html
        """;
  }

  @Override
  public Options options() {
    return CompileOptions.forManyTargets()
        .addOption(Option.builder().longOpt("html").hasArg().argName("FILE").desc("a page that needs nothing but itself").get())
        .addOption(Option.builder().longOpt("json").hasArg().argName("FILE").desc("all figures; - for standard output").get());
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    Path source = SingleFile.of(line, USAGE);
    if (!line.hasOption("target")) {
      throw new UsageException("no target was given", "add --target, for example --target h100; 'kcc targets' lists them");
    }
    List<String> targets = CompileOptions.targets(line);
    for (String target : targets) {
      if (Machines.names().contains(target) && Machines.of(target).isa().family() == Isa.Family.HOST) {
        throw new UsageException("'%s' has no warps to schedule".formatted(target), "name a GPU, for example --target h100");
      }
    }
    String html = line.getOptionValue("html");
    String json = line.getOptionValue("json");
    for (String output : new String[] {html, json}) {
      if (output != null && !output.equals("-")) {
        AtomicFile.checkWritable(Path.of(output));
      }
    }
    CompileRequest request = CompileOptions.request(line, source, targets, null, Set.of(CompileRequest.SCHEDULE));
    CompileResult result = Compilation.run(request, line, terminal);
    List<KernelSchedule> schedules = result.kernels().stream().map(CompiledKernel::schedule).toList();
    if (html == null && json == null) {
      terminal.out().print(ScheduleTable.text(schedules));
    }
    if (json != null) {
      write(json, ScheduleJson.text(ScheduleJson.of(source.toString(), schedules)), terminal);
    }
    if (html != null) {
      write(html, SchedulePage.html(source.toString(), schedules), terminal);
    }
    return Outcome.DONE;
  }

  private static void write(String output, String text, Terminal terminal) {
    if (output.equals("-")) {
      terminal.out().print(text);
    } else {
      AtomicFile.write(Path.of(output), ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
  }
}
