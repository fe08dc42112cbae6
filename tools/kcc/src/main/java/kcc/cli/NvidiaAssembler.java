// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.targets.Targets;
import kcc.targets.nvidia.NvidiaTarget;
import kcc.targets.nvidia.PtxAssembler;

/// Sees to it that what turns PTX into a cubin is there before a compile for an NVIDIA chip begins.
final class NvidiaAssembler {
  private NvidiaAssembler() {}

  /// Fetches libnvJitLink, with progress on the error stream, when a target needs it and there is no ptxas either.
  static void provide(List<String> targets, Map<String, String> environment) {
    Path script = script();
    if (script == null || !isNeeded(targets, environment) || PtxAssembler.isInstalled(environment)) {
      return;
    }
    try {
      Process process = new ProcessBuilder(script.toString())
          .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
      if (process.waitFor() != 0) {
        throw failed("there is no ptxas on this machine and libnvJitLink could not be fetched", null);
      }
    } catch (IOException notStarted) {
      throw failed("%s cannot be run: %s".formatted(script, notStarted.getMessage()), notStarted);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failed("fetching libnvJitLink was interrupted", interrupted);
    }
  }

  private static boolean isNeeded(List<String> targets, Map<String, String> environment) {
    for (String name : targets) {
      if (Targets.of(name, environment) instanceof NvidiaTarget) {
        return true;
      }
    }
    return false;
  }

  /// Null outside of a repository with its build: there the compile says what is missing.
  private static Path script() {
    String root = System.getProperty("kcc.root");
    Path script = root == null ? null : Path.of(root, "tools", "launch", "fetch-nvjitlink.sh");
    return script != null && Files.isExecutable(script) ? script : null;
  }

  private static KccException failed(String text, Exception cause) {
    Diagnostic error = Diagnostic.error("KCC4105", null, text).withHelp(
        "try again with a network, or install CUDA 12.9 or newer and set CUDA_HOME; AMD's chips and the CPU need neither");
    return new KccException(List.of(error), cause);
  }
}
