// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import kcc.frontend.sema.Kernel;
import kcc.frontend.sema.Polynomial;
import kcc.frontend.sema.TileProgram;
import kcc.scheduler.cost.Launch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.SumDivision;
import kcc.scheduler.cost.TileCost;
import kcc.scheduler.machine.Machine;

/// What can be chosen for a kernel that is launched with some sizes, as points of a lattice of powers of two: a coordinate for
/// each `auto` constant that is open and, for products, two that variants decide about otherwise.
///
/// @param base  what is taken for granted of the sizes whatever is chosen
/// @param sizes of the launch
record TuningSpace(PythonSource source, Kernel kernel, Machine machine, Variant base, Map<String, Long> sizes) {
  /// Blocks of a cluster that divide each sum. The space keeps these names apart from those of constants.
  static final String SUM_BLOCKS = "sum blocks";
  /// Groups of warps that have programs of their own in a block, and take turns: 1 or 2.
  static final String GROUP_INSTANCES = "group instances";

  private static final int MOST_INSTANCES = 2;

  TuningSpace {
    sizes = Map.copyOf(sizes);
  }

  /// The point that a variant of the kernel stands for; null where the kernel has errors with its constants.
  Map<String, Integer> pointOf(Variant variant) {
    TileProgram program = source.program(kernel, machine, variant);
    if (program == null) {
      return null;
    }
    Map<String, Integer> point = new LinkedHashMap<>();
    for (String name : source.openConstants(kernel)) {
      point.put(name, ((BigInteger) program.constants().get(name)).intValueExact());
    }
    ProgramTraits traits = TileTraits.of(program);
    boolean isAsynchronous = TileCost.isAsynchronous(traits, machine);
    if (programs(program) != null && traits.products().size() == 1 && SumLength.of(program) != null) {
      if (!SumDivision.choices(machine).isEmpty()) {
        point.put(SUM_BLOCKS, variant.sumBlocks());
      }
      if (isAsynchronous) {
        KnownLaunch known = KnownLaunch.of(program, traits);
        boolean isFew = variant.launch() != null || known != null && known.isFew(machine);
        point.put(GROUP_INSTANCES, isFew ? 1 : MOST_INSTANCES);
      }
    }
    return point;
  }

  /// What is compiled for a point.
  ///
  /// @param conditions that a launcher checks, besides those of the base
  Variant variant(String name, Map<String, Integer> point, List<String> conditions) {
    Map<String, Integer> constants = new LinkedHashMap<>(point);
    constants.keySet().removeAll(List.of(SUM_BLOCKS, GROUP_INSTANCES));
    Variant together = base.chosen(name, conditions, constants, null);
    int blocks = point.getOrDefault(SUM_BLOCKS, 1);
    if (blocks == 1 && point.getOrDefault(GROUP_INSTANCES, MOST_INSTANCES) > 1) {
      return together;
    }
    TileProgram program = source.program(kernel, machine, together);
    return program == null ? together : base.chosen(name, conditions, constants, launch(program, blocks));
  }

  /// What the model thinks a launch takes: cycles of one unit, in all of it where programs have products, for a byte where they
  /// have none.
  ///
  /// @param holds whether a condition is met by the sizes
  double cost(Map<String, Integer> point, Predicate<String> holds) {
    int blocks = point.getOrDefault(SUM_BLOCKS, 1);
    int instances = point.getOrDefault(GROUP_INSTANCES, 1);
    if (blocks > 1 && !SumDivision.choices(machine).contains(blocks) || instances > MOST_INSTANCES
        || blocks > 1 && instances > 1) {
      return TileCost.IMPOSSIBLE;
    }
    TileProgram program = source.program(kernel, machine, variant("", point, List.of()));
    if (program == null || !program.requirements().stream().allMatch(holds)) {
      return TileCost.IMPOSSIBLE;
    }
    ProgramTraits traits = TileTraits.of(program);
    Launch launch = traits.products().isEmpty() ? null : launch(program, blocks);
    if (launch == null) {
      return blocks > 1 ? TileCost.IMPOSSIBLE : TileCost.of(traits, machine);
    }
    if (instances == 1) {
      return TileCost.of(traits, machine, launch) * launch.flops();
    }
    // The model of turns is one of many programs; few of them leave units idle in the last wave.
    long programs = programs(program);
    long units = machine.chip().units() == null ? 1 : machine.chip().units();
    return !TileCost.isAsynchronous(traits, machine) ? TileCost.IMPOSSIBLE
        : TileCost.of(traits, machine) * launch.flops() * (Math.ceilDiv(programs, units) * units) / programs;
  }

  /// A launch of as many programs as the sizes make; null where that or the depth of sums is not known.
  private Launch launch(TileProgram program, int blocks) {
    ProgramTraits traits = TileTraits.of(program);
    SumLength length = SumLength.of(program);
    Long programs = programs(program);
    if (length == null || programs == null || programs == 0 || traits.products().isEmpty()) {
      return null;
    }
    Long depth = length.isNumber() ? Long.valueOf(length.number()) : sizes.get(length.text());
    ProgramTraits.Product product = traits.products().getFirst();
    return depth == null || depth < 1 ? null : new Launch(product.m(), programs * product.n(), depth, blocks);
  }

  private Long programs(TileProgram program) {
    if (program.grid() == null) {
      return null;
    }
    long programs = 1;
    for (Polynomial extent : program.grid()) {
      TreeSet<String> names = new TreeSet<>();
      extent.collectSymbols(names);
      if (!sizes.keySet().containsAll(names)) {
        return null;
      }
      programs *= extent.value(sizes);
    }
    return programs;
  }
}
