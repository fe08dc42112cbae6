// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.util.Locale;
import java.util.Map;
import kcc.mlir.diag.Outcome;
import kcc.scheduler.machine.Chip;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.NumericType;
import kcc.targets.data.Machines;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/// `kcc targets`: the chips that can be compiled for, from their data files.
final class TargetsCommand implements Command {
  private static final String NOT_KNOWN = "-";

  @Override
  public String name() {
    return "targets";
  }

  @Override
  public String summary() {
    return "list the chips that can be compiled for";
  }

  @Override
  public String synopsis() {
    return "";
  }

  @Override
  public String details() {
    return "";
  }

  @Override
  public Options options() {
    return new Options();
  }

  @Override
  public Outcome run(CommandLine line, Terminal terminal) {
    Table table = new Table(
        "target", "product", "ISA", "units", "warp", "shared/block", "memory", "bandwidth", "f16 matrix peak", "also");
    for (String name : Machines.names()) {
      Machine machine = Machines.of(name);
      Chip chip = machine.chip();
      Isa isa = machine.isa();
      table.row(
          name,
          chip.product(),
          isa.name(),
          chip.units() == null ? NOT_KNOWN : chip.units(),
          isa.warpSize(),
          isa.sharedMemory() == null ? NOT_KNOWN : isa.sharedMemory().maxBytesPerBlock() / 1024 + " KiB",
          chip.memoryBytes() == null ? NOT_KNOWN : scaled(chip.memoryBytes() / 1e9, "GB"),
          chip.memoryBytesPerSecond() == null ? NOT_KNOWN : scaled(chip.memoryBytesPerSecond() / 1e12, "TB/s"),
          peak(chip.matrixFlopsPerSecond()),
          String.join(", ", chip.aliases()));
    }
    terminal.out().print(table.render());
    return Outcome.DONE;
  }

  private static String peak(Map<NumericType, Double> peaks) {
    Double flops = peaks.get(NumericType.F16);
    return flops == null ? NOT_KNOWN : scaled(flops / 1e12, "TFLOP/s");
  }

  private static String scaled(double value, String unit) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
  }
}
