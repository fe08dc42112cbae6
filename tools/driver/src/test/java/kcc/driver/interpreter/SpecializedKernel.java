// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver.interpreter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.driver.CompileRequest;
import kcc.driver.Compiler;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.passes.asynchronous.MakePersistentPass;
import kcc.passes.asynchronous.SpecializeWarpsPass;
import kcc.passes.asynchronous.TakeTurnsPass;
import kcc.passes.tile.DivideSumsPass;
import kcc.scheduler.machine.Machine;
import kcc.targets.data.Machines;

/// Kernels in Python syntax as the passes leave them at the asynchronous level.
final class SpecializedKernel {
  private static final String TARGET = "h100";

  private SpecializedKernel() {}

  /// The text of a module.
  ///
  /// @param divisor of the sizes N and K, which rows of arrays are
  static String text(String source, Map<String, String> constants, int divisor, boolean isPersistent, Path folder) {
    return specialized(tiles(source, constants, divisor, folder), isPersistent ? new MakePersistentPass() : null, null);
  }

  /// The same of a persistent kernel whose computing warp groups take turns.
  static String inTurn(String source, Map<String, String> constants, int divisor, Path folder) {
    return specialized(tiles(source, constants, divisor, folder), new MakePersistentPass(), new TakeTurnsPass());
  }

  /// The text of a module whose kernel divides its sums over the blocks of a cluster.
  static String withDividedSums(String source, Map<String, String> constants, int divisor, int blocks, Path folder) {
    String tiles = tiles(source, constants, divisor, folder);
    return specialized(tiles.replace("kernel attributes {", "kernel attributes {%s = %d : i32, ".formatted(
        DivideSumsPass.DIVIDE_SUMS, blocks)), new DivideSumsPass(), null);
  }

  private static String tiles(String source, Map<String, String> constants, int divisor, Path folder) {
    try {
      Path file = Files.writeString(folder.resolve("kernel.py"), source);
      CompileRequest request = new CompileRequest(file, List.of(), List.of(TARGET), constants, null, "tile", Set.of(), null, folder);
      String tiles = new Compiler(1, _ -> { }, _ -> { }).compile(request).kernels().getLast().ir();
      return tiles.replaceAll("\\{(kcc.kind = \"size\", kcc.name = \"[NK]\")", "{kcc.divisibility = " + divisor + " : i64, $1");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// @param before division into groups, or null
  /// @param behind the same
  private static String specialized(String tiles, KccPass before, KccPass behind) {
    PassPipeline.Builder passes = PassPipeline.builder().upstream("gpu.func", "canonicalize,cse");
    if (before != null) {
      passes.add(before);
    }
    passes.add(new SpecializeWarpsPass());
    if (behind != null) {
      passes.add(behind);
    }
    PassPipeline pipeline = passes.upstream("gpu.func", "canonicalize,cse").build();
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(tiles, "kernel.mlir")) {
      pipeline.run(module.operation(), PipelineOptions.to(_ -> { }).with(Machine.class, Machines.of(TARGET)));
      return module.operation().print();
    }
  }
}
