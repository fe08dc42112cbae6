// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import kcc.frontend.sema.TileProgram;
import kcc.scheduler.cost.Launch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.SumDivision;
import kcc.scheduler.cost.TileCost;
import kcc.scheduler.machine.Machine;

/// Variants of a kernel with products by the launches they are for: how many programs these have, and how long their sums are.
/// Which are worth an image, and for which launches, the cost model says.
final class ProductVariants {
  /// Of products that leave units idle.
  private static final int SMALL_DEPTH = 1024;

  private final Function<Variant, TileProgram> programs;
  private final Machine machine;

  /// @param programs what the kernel becomes, or null where it has errors
  ProductVariants(Function<Variant, TileProgram> programs, Machine machine) {
    this.programs = programs;
    this.machine = machine;
  }

  /// Where it is known which launch a kernel is for, the number of blocks that is best for it; else launches of few programs
  /// with long sums, and of few programs. In the order in which a launcher should try them, ahead of the base.
  List<Variant> ahead(Variant base) {
    TileProgram program = programs.apply(base);
    KnownLaunch launch = program == null ? null : KnownLaunch.of(program, TileTraits.of(program));
    if (launch != null) {
      return divided(base, launch);
    }
    List<Variant> few = few(base);
    return Stream.concat(dividedSums(base, few.isEmpty() ? base : few.getFirst()).stream(), few.stream()).toList();
  }

  /// Launches of few programs with long sums, of short sums, and of few programs, of rows that may begin anywhere.
  List<Variant> ofAnyRows() {
    List<Variant> few = few(Variant.GENERAL);
    List<Variant> variants = new ArrayList<>(dividedSums(Variant.GENERAL, few.isEmpty() ? Variant.GENERAL : few.getFirst()));
    variants.addAll(shortSums(Variant.GENERAL, few));
    variants.addAll(few);
    return variants;
  }

  private List<Variant> divided(Variant base, KnownLaunch whole) {
    return SumDivision.choices(machine).stream()
        .map(blocks -> base.dividedSums("", List.of(), new Launch(1, 1, whole.depth(), blocks)))
        .filter(variant -> cost(variant) < whole.cost(machine, 1))
        .min(Comparator.comparingDouble(this::cost)).stream().toList();
  }

  private double cost(Variant variant) {
    TileProgram program = programs.apply(variant);
    KnownLaunch launch = program == null ? null : KnownLaunch.of(program, TileTraits.of(program));
    return launch == null ? TileCost.IMPOSSIBLE : launch.cost(machine, variant.sumBlocks());
  }

  /// The tiles that make the most of a machine leave most of it idle where there are few of them: launches that use no more
  /// than a quarter or half of it get smaller ones, if those can be chosen.
  private List<Variant> few(Variant base) {
    TileProgram many = programs.apply(base);
    if (many == null || many.grid() == null || machine.chip().units() == null) {
      return List.of();
    }
    ProgramTraits traits = TileTraits.of(many);
    if (!TileCost.isAsynchronous(traits, machine)) {
      return List.of();
    }
    ProgramTraits.Product product = traits.products().getFirst();
    List<Variant> few = new ArrayList<>();
    List<Map<String, Object>> known = new ArrayList<>(List.of(many.constants()));
    for (int part : List.of(4, 2)) {
      long count = machine.chip().units() / part;
      Variant variant = base.few(part, count(many) + " <= " + count, new Launch(product.m(), count * product.n(), SMALL_DEPTH, 1));
      TileProgram smaller = programs.apply(variant);
      if (smaller != null && !known.contains(smaller.constants())) {
        known.add(smaller.constants());
        few.add(variant);
      }
    }
    return few;
  }

  /// Launches of few programs with long sums: a cluster of blocks divides each of them. The numbers of blocks and the shapes of
  /// results that are tried are many.
  ///
  /// @param base  what is taken for granted besides
  /// @param other what such launches would get otherwise
  private List<Variant> dividedSums(Variant base, Variant other) {
    TileProgram otherwise = programs.apply(other);
    Sum sum = Sum.of(otherwise);
    if (sum == null) {
      return List.of();
    }
    List<SumDivision.Way> ways = new ArrayList<>(List.of(sum.whole));
    List<Variant> variants = new ArrayList<>();
    long served = 0;
    for (Launch typical : SumDivision.typical(sum.whole, machine)) {
      TileProgram program = programs.apply(base.dividedSums("", List.of(), typical));
      if (program == null) {
        continue;
      }
      boolean isThin = SumDivision.isThin(typical, sum.whole, machine);
      SumDivision.Way way = new SumDivision.Way(TileTraits.of(program), typical.blocks(), isThin ? typical : null);
      long depth = SumDivision.leastDepth(way, sum.whole, machine);
      long count = SumDivision.mostPrograms(way, isThin ? List.of(sum.whole) : ways, depth, isThin ? 0 : served, machine);
      if (count < least(program) || sum.length.isNumber() && sum.length.number() < depth) {
        continue;
      }
      List<String> conditions = new ArrayList<>(conditions(program, count, sum.length, ">=", depth));
      if (isThin) {
        conditions.add(way.isThin(count(program), sum.whole, count(otherwise)));
      } else {
        ways.add(way);
        served = count * way.elements();
      }
      String shape = typical.rows() > typical.columns() ? "-high" : isThin ? "-wide" : "";
      variants.add(base.dividedSums(shape, conditions, typical));
    }
    return variants;
  }

  /// Launches of sums of a step or two: smaller tiles are done sooner.
  ///
  /// @param base what is taken for granted besides
  /// @param few  what launches of few programs would get otherwise
  private List<Variant> shortSums(Variant base, List<Variant> few) {
    Sum sum = Sum.of(programs.apply(base));
    if (sum == null) {
      return List.of();
    }
    List<SumDivision.Way> ways = new ArrayList<>(List.of(sum.whole));
    few.forEach(variant -> ways.add(new SumDivision.Way(TileTraits.of(programs.apply(variant)), 1)));
    List<Variant> variants = new ArrayList<>();
    long served = 0;
    for (Launch typical : SumDivision.shortSums(sum.whole, machine)) {
      long depth = 2 * typical.depth();
      TileProgram program = programs.apply(base.shortSums(depth, List.of(), typical));
      if (program == null) {
        continue;
      }
      SumDivision.Way way = new SumDivision.Way(TileTraits.of(program), 1);
      long count = SumDivision.mostPrograms(way, ways, depth, served, machine);
      if (count >= least(program) && !(sum.length.isNumber() && sum.length.number() > depth) && !ways.contains(way)) {
        ways.add(way);
        served = count * way.elements();
        variants.add(base.shortSums(depth, conditions(program, count, sum.length, "<=", depth), typical));
      }
    }
    return variants;
  }

  /// The sum of a program with one product.
  ///
  /// @param whole the program, whose blocks divide nothing
  private record Sum(SumLength length, SumDivision.Way whole) {
    /// Null where there is no such sum, or launches cannot be told apart by their numbers of programs.
    static Sum of(TileProgram program) {
      SumLength length = program == null || program.grid() == null ? null : SumLength.of(program);
      ProgramTraits traits = length == null ? null : TileTraits.of(program);
      return traits == null || traits.products().size() != 1 ? null : new Sum(length, new SumDivision.Way(traits, 1));
    }
  }

  private static List<String> conditions(TileProgram program, long programs, SumLength length, String comparison, long depth) {
    String few = count(program) + " <= " + programs;
    return length.isNumber() ? List.of(few) : List.of(few, length.text() + " " + comparison + " " + depth);
  }

  /// The number of programs of a launch, as launchers compute it.
  private static String count(TileProgram program) {
    return String.join(" * ", program.grid().stream().map(extent -> "(" + extent.toText() + ")").toList());
  }

  /// Of launches that have any programs at all.
  private static double least(TileProgram program) {
    return program.grid().stream().mapToDouble(extent -> Math.max(1, extent.least())).reduce(1, (a, b) -> a * b);
  }
}
