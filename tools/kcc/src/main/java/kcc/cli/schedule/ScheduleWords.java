// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import kcc.driver.KernelSchedule;
import kcc.driver.LoopSchedule;
import kcc.mlir.diag.SourceLocation;
import kcc.passes.schedule.FunctionalUnit;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.modulo.ResourceUse;

/// What a schedule says, in words that the table and the page share.
final class ScheduleWords {
  private ScheduleWords() {}

  static String title(KernelSchedule kernel) {
    return "%s, %s, for %s".formatted(kernel.kernel(), kernel.variant().isEmpty() ? "any sizes" : kernel.variant() + " sizes",
        kernel.machine().name());
  }

  /// A unit's title, a group, or the dependences.
  static String name(ResourceUse use) {
    return switch (use.kind()) {
      case UNIT -> unit(use.name());
      case GROUP -> "warps of " + use.name();
      case DEPENDENCES -> "dependences and slots";
    };
  }

  /// The loop in a sentence.
  static String headline(KernelSchedule kernel, LoopSchedule loop) {
    StringBuilder text = new StringBuilder("a step takes %d cycles; critical: %s".formatted(loop.schedule().interval(),
        critical(loop)));
    if (loop.loop().matrixFlopsPerClock() > 0) {
      text.append("; %s of the %s peak in the steady state".formatted(percent(loop.share()), loop.loop().type().text()));
      if (kernel.predictedShare() != null) {
        text.append("; %s by the cost model of products, begin and end of a program included".formatted(percent(kernel.predictedShare())));
      }
    }
    return text.toString();
  }

  /// How much of a step a resource is busy.
  static String share(ResourceUse use, LoopSchedule loop) {
    return percent((double) use.cycles() / loop.schedule().interval());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  static String critical(LoopSchedule loop) {
    return ResourceUse.critical(loop.uses()).stream().map(ScheduleWords::name).collect(Collectors.joining(" and "));
  }

  private static String unit(String word) {
    for (FunctionalUnit unit : FunctionalUnit.values()) {
      if (unit.word().equals(word)) {
        return unit.title();
      }
    }
    return word;
  }

  /// Where an operation stands in the source; `-` where nothing is known of it.
  static String line(GroupedKernel.Operation operation) {
    return operation.at() == null ? "-" : line(operation.at());
  }

  /// What stands in front of a sentence about a place, if that is known.
  static String place(SourceLocation at) {
    return at == null ? "" : line(at) + ": ";
  }

  static String line(SourceLocation at) {
    return at.file() + ":" + at.line();
  }

  /// Whether channels have what the schedule asks for, and what another order or more slots would give.
  static List<String> verdicts(KernelSchedule kernel, LoopSchedule loop) {
    List<String> verdicts = new ArrayList<>();
    if (loop.schedule() == null) {
      verdicts.add("no schedule was found for the order and the slots that the loop was given");
      return verdicts;
    }
    Map<Integer, Integer> needed = loop.neededSlots(loop.schedule());
    needed.forEach((channel, slots) -> {
      GroupedKernel.Channel ring = kernel.grouped().channels().get(channel);
      verdicts.add("channel %s has %s, and the schedule needs %d%s".formatted(ring.name(), count(ring.depth(), "slot"), slots,
          ring.depth() > slots ? ": %s for copies that come late".formatted(count(ring.depth() - slots, "more slot")) : ""));
    });
    if (loop.best() != null && loop.best().interval() < loop.schedule().interval()) {
      verdicts.add("a step could take %d cycles instead of %d%s".formatted(loop.best().interval(), loop.schedule().interval(),
          remedy(kernel, loop)));
    }
    return verdicts;
  }

  /// What the better schedule has and the loop has not.
  private static String remedy(KernelSchedule kernel, LoopSchedule loop) {
    List<String> missing = new ArrayList<>();
    loop.neededSlots(loop.best()).forEach((channel, slots) -> {
      GroupedKernel.Channel ring = kernel.grouped().channels().get(channel);
      if (slots > ring.depth()) {
        missing.add("%d slots of channel %s in place of %d".formatted(slots, ring.name(), ring.depth()));
      }
    });
    return " with " + (missing.isEmpty() ? "another order of the operations of a group" : String.join(" and ", missing));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
