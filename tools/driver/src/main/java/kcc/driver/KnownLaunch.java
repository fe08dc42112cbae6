// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import kcc.frontend.sema.Polynomial;
import kcc.frontend.sema.TileProgram;
import kcc.scheduler.cost.Launch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.TileCost;
import kcc.scheduler.machine.Machine;

/// The launch of a program with products whose sizes are all given.
///
/// @param programs of the grid
/// @param depth    numbers that are added up for each element
record KnownLaunch(ProgramTraits traits, long programs, long depth) {
  /// With so many programs for each unit it makes no difference how many work on the last of them.
  private static final long MANY = 8;
  /// More are not counted.
  private static final long MOST = 1L << 31;

  /// Null where the number of programs or the depth is known at launch only, or the program is no single sum of products.
  static KnownLaunch of(TileProgram program, ProgramTraits traits) {
    boolean isKnown = program.grid() != null && program.grid().stream().allMatch(Polynomial::isNumber);
    SumLength length = !isKnown || traits.products().size() != 1 ? null : SumLength.of(program);
    if (length == null || !length.isNumber()) {
      return null;
    }
    long programs = 1;
    for (Polynomial extent : program.grid()) {
      programs = Math.min(MOST, programs * Math.min(MOST, extent.asNumber()));
    }
    return new KnownLaunch(traits, programs, length.number());
  }

  /// Whether units are left without a program, or wait for the last ones for a good part of the time.
  boolean isFew(Machine machine) {
    return machine.chip().units() != null && programs < MANY * machine.chip().units();
  }

  /// What all programs take, to compare tiles for one and the same launch.
  ///
  /// @param blocks of a cluster that divide each sum
  double cost(Machine machine, int blocks) {
    ProgramTraits.Product product = traits.products().getFirst();
    Launch launch = new Launch(programs * product.m(), product.n(), depth, blocks);
    return TileCost.of(traits, machine, blocks > 1 || isFew(machine) ? launch : null) * launch.flops();
  }
}
