// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.scheduler.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MachineTest {
  private static final RegisterFile REGISTERS = new RegisterFile(65536, 255, 65536, 8);
  private static final BlockLimits LIMITS =
      new BlockLimits(1024, 2048, 64, 32, List.of(1024, 1024, 64), List.of(2147483647L, 65535L, 65535L), 32764);
  private static final SharedMemory SHARED = new SharedMemory(49152, 232448, 233472, 1024, 32, 4, 128, List.of());

  private static Isa isa(Set<Capability> capabilities, ClusterLimits clusters, MatrixInstruction... instructions) {
    UnitRates rates = new UnitRates(Map.of(NumericType.F16, 4096), Map.of(NumericType.F32, 256), 16, null, 4);
    return new Isa("test", Isa.Family.NVIDIA, 32, new CodeGeneration("", "", ""), capabilities, SHARED, REGISTERS, LIMITS,
        clusters, null, null, null, rates, new Latencies(null, null, null, null, null), List.of(instructions));
  }

  private static Chip chip(double clock, double peak) {
    return new Chip("test", "Test", List.of(), 132, 1, null, 1, clock, clock, null, null, null, Map.of(NumericType.F16, peak), Map.of());
  }

  @Test
  void aPeakThatDoesNotFollowFromUnitsAndClockIsRefused() {
    Isa isa = isa(Set.of(), null);
    assertEquals("test", new Machine(isa, chip(1.83e9, 989.4e12)).name());
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> new Machine(isa, chip(1.83e9, 1979e12)));
    assertTrue(wrong.getMessage().contains("132 units x 4096 FLOP/clk x 1.83 GHz"), wrong.getMessage());
  }

  @Test
  void limitsAndTheirCapabilityGoTogether() {
    assertThrows(IllegalArgumentException.class, () -> isa(Set.of(Capability.CLUSTERS), null));
    assertThrows(IllegalArgumentException.class, () -> isa(Set.of(), new ClusterLimits(8, 16)));
    assertTrue(isa(Set.of(Capability.CLUSTERS), new ClusterLimits(8, 16)).has(Capability.CLUSTERS));
  }

  @Test
  void anInstructionFasterThanItsUnitIsRefused() {
    // One of four matrix units gives 1024 FLOP/clk, and 16x8x16 needs 4096: 4 clk.
    MatrixInstruction fits = instruction(4);
    assertEquals(fits, isa(Set.of(), null, fits).matrixInstruction("mma.m16n8k16.f32.f16"));
    assertThrows(IllegalArgumentException.class, () -> isa(Set.of(), null, instruction(2)));
  }

  private static MatrixInstruction instruction(int issue) {
    return new MatrixInstruction(FragmentKind.MMA, 16, 8, 16, NumericType.F16, NumericType.F16, NumericType.F32, null, issue, null);
  }

  @Test
  void occupancyNamesWhatLimitsIt() {
    Isa isa = isa(Set.of(), null);
    assertEquals(new Occupancy(32, Occupancy.Limit.BLOCKS), Occupancy.of(isa, 32, 32, 0));
    assertEquals(new Occupancy(2, Occupancy.Limit.WARPS), Occupancy.of(isa, 1024, 32, 0));
    assertEquals(new Occupancy(4, Occupancy.Limit.REGISTERS), Occupancy.of(isa, 128, 121, 0));
    assertEquals(new Occupancy(1, Occupancy.Limit.SHARED_MEMORY), Occupancy.of(isa, 128, 32, 120_000));
    assertEquals(new Occupancy(0, Occupancy.Limit.SHARED_MEMORY), Occupancy.of(isa, 128, 32, 300_000));
  }

  @Test
  void registersOfAThreadShrinkWithTheBlock() {
    assertEquals(255, REGISTERS.perThread(128));
    assertEquals(64, REGISTERS.perThread(1024));
    assertEquals(168, REGISTERS.perThread(384));
  }

  @Test
  void phasesWithoutATableAreGroupsOfNeighbours() {
    AccessPhases wide = SHARED.phases(AccessPhases.Direction.READ, 16, 32);
    assertEquals(4, wide.phases().size());
    assertEquals(List.of(8, 9, 10, 11, 12, 13, 14, 15), wide.phases().get(1));
    assertEquals(1, SHARED.phases(AccessPhases.Direction.READ, 2, 32).phases().size());
    assertThrows(IllegalArgumentException.class,
        () -> new AccessPhases(AccessPhases.Direction.READ, 4, List.of(List.of(0, 1), List.of(1, 2))));
  }
}
