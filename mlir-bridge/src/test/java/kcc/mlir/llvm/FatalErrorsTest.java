// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.mlir.llvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A fatal error ends the process, so it happens in one of its own.
class FatalErrorsTest {
  @Test
  void watchesAreToldBeforeTheProcessEnds(@TempDir Path folder) throws Exception {
    Path told = folder.resolve("told.txt");
    Path output = folder.resolve("output.txt");
    Process process = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        Unselectable.class.getName(), told.toString())
        .redirectErrorStream(true).redirectOutput(output.toFile()).start();
    assertTrue(process.waitFor(120, TimeUnit.SECONDS), "the process hangs");
    assertEquals(70, process.exitValue(), Files.readString(output));
    String text = Files.readString(told);
    assertTrue(text.startsWith("inner: Cannot select"), text);
    assertTrue(text.contains("outer: Cannot select"), text);
  }

  /// Asks for code that the processor does not have.
  static final class Unselectable {
    private Unselectable() {}

    public static void main(String[] arguments) throws Exception {
      Path told = Path.of(arguments[0]);
      String text = """
          declare void @llvm.nvvm.barrier.cluster.arrive()
          define ptx_kernel void @f() {
            call void @llvm.nvvm.barrier.cluster.arrive()
            ret void
          }
          """;
      StringBuilder heard = new StringBuilder();
      try (FatalErrors.Watch _ = FatalErrors.watch(why -> {
            heard.append("outer: ").append(why).append('\n');
            write(told, heard.toString());
            Runtime.getRuntime().halt(70);
          });
          FatalErrors.Watch _ = FatalErrors.watch(why -> heard.append("inner: ").append(why).append('\n'));
          FatalErrors.Watch _ = FatalErrors.watch(_ -> {
            throw new IllegalStateException("a watch that fails does not silence the others");
          });
          TargetMachine machine = TargetMachine.create(new TargetMachine.Spec("nvptx64-nvidia-cuda", "sm_50",
              "+ptx60", TargetMachine.Level.DEFAULT, TargetMachine.Relocation.DEFAULT));
          LlvmModule module = LlvmModule.parse(text.getBytes(StandardCharsets.UTF_8), "f.ll")) {
        module.setTarget(machine);
        machine.emitAssembly(module);
      }
    }

    private static void write(Path file, String text) {
      try {
        Files.writeString(file, text);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }
}
