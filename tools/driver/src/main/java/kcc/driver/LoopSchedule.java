// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kcc.passes.schedule.FunctionalUnit;
import kcc.passes.schedule.GroupedKernel;
import kcc.scheduler.modulo.IntervalBounds;
import kcc.scheduler.modulo.ModuloScheduler;
import kcc.scheduler.modulo.NoScheduleException;
import kcc.scheduler.modulo.Problem;
import kcc.scheduler.modulo.ResourceUse;
import kcc.scheduler.modulo.Schedule;

/// The modulo schedule of a loop that groups run together.
///
/// @param schedule with the order and the slots that the loop was given, null where there is none
/// @param bound    cycles below which no schedule of it exists
/// @param best     with any order and any number of slots; the same schedule where that one cannot be beaten
/// @param uses     what an iteration takes of units, shared memory, groups and dependences
public record LoopSchedule(GroupedKernel.Loop loop, Schedule schedule, int bound, Schedule best, List<ResourceUse> uses) {

  static LoopSchedule of(GroupedKernel.Loop loop, ModuloScheduler scheduler) {
    Problem ordered = loop.ordered();
    Problem free = loop.free();
    int least = IntervalBounds.of(free).smallest(free);
    Schedule schedule = solve(scheduler, ordered);
    Schedule best = schedule != null && schedule.interval() <= least ? schedule : solve(scheduler, free);
    int bound = IntervalBounds.of(ordered).smallest(ordered);
    return new LoopSchedule(loop, schedule, bound, best, schedule == null ? List.of() : uses(loop, schedule));
  }

  /// Shared memory is no unit of the problem, where products last longer because of it; here each has its own time.
  private static List<ResourceUse> uses(GroupedKernel.Loop loop, Schedule schedule) {
    List<ResourceUse> uses = new ArrayList<>();
    for (ResourceUse use : ResourceUse.of(loop.ordered(), schedule)) {
      boolean isMatrix = use.kind() == ResourceUse.Kind.UNIT && use.name().equals(FunctionalUnit.TENSOR.word());
      uses.add(isMatrix ? new ResourceUse(use.kind(), use.name(), loop.matrixCycles()) : use);
    }
    int units = (int) uses.stream().filter(use -> use.kind() == ResourceUse.Kind.UNIT).count();
    uses.add(units, new ResourceUse(ResourceUse.Kind.UNIT, "reads of shared memory", loop.sharedCycles()));
    return uses;
  }

  private static Schedule solve(ModuloScheduler scheduler, Problem problem) {
    try {
      return scheduler.schedule(problem);
    } catch (NoScheduleException none) {
      return null;
    }
  }

  /// Slots that a channel needs so that the loop runs as scheduled, by its number: all buffers of a slot are taken together.
  public Map<Integer, Integer> neededSlots(Schedule of) {
    Map<Integer, Integer> needed = new TreeMap<>();
    of.depths().forEach((value, depth) -> needed.merge(loop.slots().get(value), depth, Math::max));
    return needed;
  }

  /// Of the peak of the chip's matrix units, in the steady state.
  public double share() {
    return loop.matrixFlopsPerClock() == 0 ? 0 : (double) loop.flops() / loop.matrixFlopsPerClock() / schedule.interval();
  }
}
