// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import kcc.scheduler.cost.Launch;
import kcc.scheduler.cost.ProgramTraits;
import kcc.scheduler.cost.SumDivision;
import kcc.scheduler.cost.SumDivision.Way;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.NumericType;
import kcc.targets.data.Machines;
import org.junit.jupiter.api.Test;

class SumDivisionTest {
  private static final Machine H100 = Machines.of("h100");
  private static final long DEPTH = 8192;
  private static final Way WHOLE = way(64, 64, 1);

  @Test
  void clustersAreMadeOfPairsOfUnits() {
    Launch byTwo = SumDivision.typical(WHOLE, H100).stream().filter(launch -> launch.blocks() == 2).findFirst().orElseThrow();
    assertEquals(66, byTwo.columns() / 64, "all 132 units");
    Launch byEight = SumDivision.typical(WHOLE, H100).stream().filter(launch -> launch.blocks() == 8).findFirst().orElseThrow();
    assertEquals(10, byEight.columns() / 64, "six units of each of eight groups may be left");
  }

  @Test
  void whereEveryUnitHasAProgramNothingIsDivided() {
    for (int blocks : List.of(2, 4, 8)) {
      long most = SumDivision.mostPrograms(way(64, 64, blocks), List.of(WHOLE), DEPTH, 0, H100);
      assertTrue(most > 0 && most < 132, blocks + " blocks for " + most + " programs");
    }
  }

  @Test
  void whatIsServedIsNotCompared() {
    Way byEight = way(64, 64, 8);
    Way byFour = way(64, 64, 4);
    assertEquals(0, SumDivision.mostPrograms(byFour, List.of(WHOLE, byEight), DEPTH, 0, H100), "eight are faster for one program");
    long served = 8 * byEight.elements();
    assertTrue(SumDivision.mostPrograms(byFour, List.of(WHOLE, byEight), DEPTH, served, H100) > 8);
  }

  private static Way way(int m, int n, int blocks) {
    return new Way(new ProgramTraits(List.of(new ProgramTraits.Product(m, n, 64, NumericType.F16, 16, 32, null, false)),
        List.of(new ProgramTraits.Access(List.of(m, n), 16, true)), (long) m * n, false, ProgramTraits.Factors.COPIED,
        ProgramTraits.Elementwise.NONE), blocks);
  }
}
