// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import kcc.mlir.diag.KccException;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.mlir.pass.PipelineStep;
import org.junit.jupiter.api.Test;

class CpuPipelineTest {
  @Test
  void everyPassFindsWhatItRequires() {
    for (Precision precision : Precision.values()) {
      assertEquals(List.of(), CpuPipeline.of(precision).checkOrder(Set.of()));
    }
  }

  @Test
  void everyListedPassIsUsed() {
    Set<String> used = new TreeSet<>();
    for (PipelineStep step : CpuPipeline.of(Precision.REFERENCE).steps()) {
      if (step instanceof PipelineStep.JavaPass pass) {
        used.add(pass.label());
      }
    }
    Set<String> listed = new TreeSet<>();
    for (KccPass pass : CpuPipeline.passes()) {
      listed.add(pass.info().flag());
    }
    assertEquals(listed, used);
  }

  private static final String KERNEL = """
      gpu.module @m {
        gpu.func @k(%x: !kcc.ptr<f32>, %n: i64) kernel attributes {
            kcc.grid = affine_map<()[s0, s1] -> (s0 ceildiv 4, s1 + 1)>, kcc.grid_symbols = ["N", "M"]} {
          %i = arith.constant 0 : i64
          %v = arith.constant 1.0 : f32
          kcc.store %v, %x[%i] : f32, !kcc.ptr<f32>, i64
          gpu.return
        }
      }
      """;

  @Test
  void theLaunchSpaceFollowsFromTheSizes() {
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(KERNEL, "kernel.mlir")) {
      var kernel = module.operation().find("gpu.func").getFirst();
      assertEquals(new LaunchGrid(3, 6, 1), LaunchGrid.of(kernel, Map.of("N", 9L, "M", 5L)));
      assertTrue(assertThrows(KccException.class, () -> LaunchGrid.of(kernel, Map.of("N", 9L))).getMessage().contains("'M'"));
      assertTrue(assertThrows(KccException.class, () -> LaunchGrid.of(kernel, Map.of("N", 1L << 40, "M", 5L)))
          .getMessage().contains("274877906944"));
    }
  }

  @Test
  void theSameSourceGivesTheSameBytes() {
    byte[][] images = new byte[2][];
    for (int i = 0; i < 2; i++) {
      try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(KERNEL, "kernel.mlir")) {
        images[i] = CpuTarget.compile(module.body().first(), Precision.AS_WRITTEN, PipelineOptions.to(_ -> { }))
            .sharedObject();
        assertTrue(module.operation().verify() && !module.operation().find("kcc.store").isEmpty(),
            "the module given is not changed");
      }
    }
    assertArrayEquals(images[0], images[1]);
  }

  @Test
  void aKernelThatIsNotThereIsAnError() {
    try (MlirContext context = MlirContext.create(); OwnedModule module = context.parse(KERNEL, "kernel.mlir")) {
      CpuImage image = CpuTarget.compile(module.body().first(), Precision.AS_WRITTEN, PipelineOptions.to(_ -> { }));
      try (CpuLibrary library = CpuLibrary.load(image)) {
        assertTrue(assertThrows(KccException.class, () -> library.kernel("other")).getMessage().contains("'other'"));
        assertThrows(IllegalArgumentException.class,
            () -> library.kernel("k").run(List.of(), new LaunchGrid(1, 1, 1)));
      }
    }
  }

  @Test
  void stagesAreNamed() {
    List<String> names = CpuPipeline.of(Precision.AS_WRITTEN).stages().stream().map(PipelineStep.Stage::name).toList();
    PassPipeline first = CpuPipeline.of(Precision.AS_WRITTEN).upTo(names.getFirst());
    assertEquals("cpu-linalg", names.getFirst());
    assertTrue(first.steps().size() < CpuPipeline.of(Precision.AS_WRITTEN).steps().size());
  }
}
