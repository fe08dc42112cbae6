// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ChildProcess;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.PassPipeline;
import kcc.mlir.pass.PipelineOptions;
import kcc.mlir.pass.Reproducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fatal error ends the process, so it happens in one of its own.
class FatalErrorsTest {
  @Test
  void watchesAreToldBeforeTheProcessEnds() throws Exception {
    ChildProcess child = ChildProcess.run(Watched.class, List.of());
    assertEquals(70, child.exitCode(), child.output());
    assertTrue(child.output().startsWith("inner: Cannot select"), child.output());
    assertTrue(child.output().contains("outer: Cannot select"), child.output());
  }

  @Test
  void aPipelineLeavesItsReproducer(@TempDir Path folder) throws Exception {
    ChildProcess child = ChildProcess.run(InPipeline.class, List.of(), folder.toString());
    assertEquals(70, child.exitCode(), child.output());
    Path file = folder.resolve("kcc-reproducer-kcc-dies.mlir");
    Reproducer reproducer = Reproducer.parse(Files.readString(file), file.toString());
    assertEquals("builtin.module(kcc-dies)", reproducer.pipeline());
    assertTrue(reproducer.ir().contains("func.func private @f()"), reproducer.ir());
  }

  /// Asks for code that the processor does not have.
  private static void emitUnselectable() {
    String text = """
        declare void @llvm.nvvm.barrier.cluster.arrive()
        define ptx_kernel void @f() {
          call void @llvm.nvvm.barrier.cluster.arrive()
          ret void
        }
        """;
    try (TargetMachine machine = TargetMachine.create(new TargetMachine.Spec("nvptx64-nvidia-cuda", "sm_50",
            "+ptx60", TargetMachine.Level.DEFAULT, TargetMachine.Relocation.DEFAULT));
        LlvmModule module = LlvmModule.parse(text.getBytes(StandardCharsets.UTF_8), "f.ll")) {
      module.setTarget(machine);
      machine.emitAssembly(module);
    }
  }

  static final class Watched {
    private Watched() {}

    public static void main(String[] arguments) {
      try (FatalErrors.Watch _ = FatalErrors.watch(why -> {
            System.out.println("outer: " + why);
            Runtime.getRuntime().halt(70);
          });
          FatalErrors.Watch _ = FatalErrors.watch(why -> System.out.println("inner: " + why));
          FatalErrors.Watch _ = FatalErrors.watch(_ -> {
            throw new IllegalStateException("a watch that fails does not silence the others");
          })) {
        emitUnselectable();
      }
    }
  }

  static final class InPipeline {
    private InPipeline() {}

    private record Dies(PassInfo info) implements KccPass {
      @Override
      public void run(Operation anchor, PassContext context) {
        emitUnselectable();
      }
    }

    public static void main(String[] arguments) {
      Dies dies = new Dies(new PassInfo("kcc-dies", "", Set.of(), Set.of(), List.of(), List.of(), PassInfo.ANY));
      try (FatalErrors.Watch _ = FatalErrors.watch(_ -> Runtime.getRuntime().halt(70));
          MlirContext context = MlirContext.create();
          OwnedModule module = context.parse("func.func private @f()", "f.mlir")) {
        PassPipeline.builder().upstream("builtin.module", "cse").add(dies).build().run(module.operation(),
            PipelineOptions.to(_ -> {}).withReproducer(Path.of(arguments[0]), Map.of()));
      }
    }
  }
}
