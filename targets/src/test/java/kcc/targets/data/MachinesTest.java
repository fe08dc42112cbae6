// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import kcc.mlir.diag.KccException;
import kcc.scheduler.machine.AccessPhases;
import kcc.scheduler.machine.Capability;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;
import kcc.scheduler.machine.NumericType;
import org.junit.jupiter.api.Test;

class MachinesTest {
  @Test
  void everyDataFileLoads() {
    assertTrue(Machines.names().containsAll(List.of("h100", "h200", "b200", "mi300", "mi355", "cpu")), Machines.names().toString());
    for (String name : Machines.names()) {
      assertEquals(name, Machines.of(name).name());
    }
    Map<String, String> isas = new TreeMap<>();
    Machines.names().forEach(name -> isas.put(Machines.of(name).isa().name(), name));
    assertEquals(Machines.isaNames(), List.copyOf(isas.keySet()), "every instruction set has a chip and the other way round");
  }

  @Test
  void factsThatLoweringStandsOn() {
    Machine h100 = Machines.of("h100");
    assertEquals(232448, h100.isa().sharedMemory().maxBytesPerBlock());
    assertTrue(h100.has(Capability.WARPGROUP_MATRIX));
    assertFalse(h100.has(Capability.TENSOR_MEMORY));
    assertEquals(8, h100.isa().clusters().portableBlocks());
    assertEquals(3.35e12, h100.chip().memoryBytesPerSecond());
    Machine b200 = Machines.of("b200");
    assertTrue(b200.has(Capability.TENSOR_MEMORY));
    assertEquals(512, b200.isa().tensorMemoryColumns());
    assertNull(b200.chip().matrixClockHertz(), "not stated, so absent");
    Isa gfx942 = Machines.isa("gfx942");
    assertEquals(64, gfx942.warpSize());
    assertEquals(65536, gfx942.sharedMemory().maxBytesPerBlock());
    assertNull(gfx942.clusters());
    Isa gfx950 = Machines.isa("gfx950");
    assertEquals(163840, gfx950.sharedMemory().maxBytesPerBlock());
    assertEquals(4, gfx950.sharedMemory().phases(AccessPhases.Direction.READ, 16, 64).phases().size());
    assertNull(gfx950.sharedMemory().bytesPerClock());
  }

  @Test
  void matrixInstructionsAreFoundByName() {
    for (String name : List.of("mma.m16n8k16.f32.bf16", "wgmma.m64n256k16.f32.f16", "mma.m16n8k32.f32.f8e4m3.f8e5m2")) {
      assertNotNull(Machines.isa("sm_90a").matrixInstruction(name), name);
    }
    MatrixInstruction mfma = Machines.isa("gfx950").matrixInstruction("mfma.m16n16k32.f32.bf16");
    assertEquals(16, mfma.issueCycles());
    assertEquals(NumericType.BF16, mfma.b());
    assertNull(Machines.isa("gfx942").matrixInstruction("mfma.m16n16k32.f32.bf16"));
    assertNull(Machines.isa("gfx942").matrixInstruction("mfma.m16n16k16.f32.f16").latencyCycles());
  }

  @Test
  void namesAreForgivingAndUnknownOnesGetTheNearest() {
    assertEquals("mi300", Machines.of("MI300X").name());
    KccException slip = assertThrows(KccException.class, () -> Machines.of("h10"));
    assertEquals("KCC4001", slip.diagnostics().getFirst().code());
    assertTrue(slip.diagnostics().getFirst().help().contains("did you mean 'h100'?"), slip.diagnostics().getFirst().help());
    assertThrows(KccException.class, () -> Machines.of("../isa/sm_90a"));
    assertThrows(KccException.class, () -> Machines.of(""));
  }

  /// Our reader takes a part of TOML; files must stay in what everybody else reads too.
  @Test
  void filesAreTomlForOthersToo() throws IOException {
    for (String name : Machines.isaNames()) {
      other("isa/" + name);
    }
    for (String name : Machines.names()) {
      other("chips/" + name);
    }
  }

  private static void other(String name) throws IOException {
    try (InputStream stream = Machines.class.getResourceAsStream("/kcc/targets/" + name + ".toml")) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Object> theirs = org.tomlj.Toml.parse(text).toMap();
      assertEquals(theirs.keySet(), FactReader.read(text, name).values().keySet(), name);
      assertTrue(org.tomlj.Toml.parse(text).errors().isEmpty(), name);
    }
  }
}
