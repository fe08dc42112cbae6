// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.diag.KccException;

/// The ptxas of a CUDA toolkit, as a process for each cubin.
record PtxasProcess(Path ptxas) implements PtxAssembler {
  private static final Pattern VERSION = Pattern.compile("V(\\d+\\.\\d+\\.\\d+)");
  /// What ptxas says when it is too old for the PTX or the GPU.
  private static final Pattern TOO_OLD = Pattern.compile("is not defined for option 'gpu-name'|Unsupported \\.version");

  private static final Pattern OWN_MESSAGE = Pattern.compile("^ptxas ", Pattern.MULTILINE);

  @Override
  public String origin() {
    return ptxas.toString();
  }

  @Override
  public Cubin assemble(String ptx, String arch) {
    Path folder = null;
    try {
      folder = Files.createTempDirectory("kcc-ptxas");
      Path source = Files.writeString(folder.resolve("kernel.ptx"), ptx);
      Path image = folder.resolve("kernel.cubin");
      Output output = run(List.of(ptxas.toString(), "-arch", arch, "-O3", "-v", source.toString(), "-o", image.toString()));
      if (output.exit() != 0) {
        throw failed(output, arch, ptx);
      }
      if (!Files.isRegularFile(image)) {
        throw new KccException(Diagnostic.error("KCC4103", null, ptxas + " wrote no cubin though it ended without an error")
            .withHelp("this does not look like NVIDIA's ptxas; set CUDA_HOME to a working CUDA toolkit"));
      }
      return new Cubin(Files.readAllBytes(image), CubinReport.parse(output.text()));
    } catch (IOException failure) {
      throw new KccException(List.of(Diagnostic.error("KCC4102", null, "cannot exchange files with " + ptxas + ": " + failure.getMessage())
          .withHelp("see to it that the folder for temporary files has space and can be written")), failure);
    } finally {
      delete(folder);
    }
  }

  @Override
  public String version() {
    Matcher version = VERSION.matcher(run(List.of(ptxas.toString(), "--version")).text());
    return version.find() ? version.group(1) : "unknown";
  }

  private record Output(int exit, String text) {}

  private Output run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Output(process.waitFor(), text);
    } catch (IOException failure) {
      throw new KccException(Diagnostic.error("KCC4102", null, "cannot run " + ptxas + ": " + failure.getMessage())
          .withHelp("set CUDA_HOME to a working CUDA toolkit"));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new KccException(Diagnostic.error("KCC4102", null, "interrupted while " + ptxas + " ran"));
    }
  }

  private KccException failed(Output output, String arch, String ptx) {
    Diagnostic error = Diagnostic.error("KCC4103", null, ptxas + " failed for " + arch + " with exit code " + output.exit()
        + ":\n" + output.text().strip());
    if (TOO_OLD.matcher(output.text()).find()) {
      return new KccException(error.withHelp("this ptxas is too old; kcc needs the one of CUDA 12.9 or newer"));
    }
    if (!OWN_MESSAGE.matcher(output.text()).find()) {
      return new KccException(error.withHelp("this does not look like NVIDIA's ptxas; set CUDA_HOME to a working CUDA toolkit"));
    }
    return new InternalException("ptxas", keep(ptx), List.of(error.withHelp("the PTX was made by kcc, so this is its fault")), null);
  }

  /// PTX that ptxas refuses, for a report; null when it cannot be written.
  private static Path keep(String ptx) {
    try {
      return Files.writeString(Files.createTempFile("kcc-refused-", ".ptx"), ptx);
    } catch (IOException cannotWrite) {
      return null;
    }
  }

  private static void delete(Path folder) {
    if (folder == null) {
      return;
    }
    for (String name : List.of("kernel.ptx", "kernel.cubin", "")) {
      try {
        Files.deleteIfExists(folder.resolve(name));
      } catch (IOException left) {
        // A file that stays in the temporary folder harms nobody, and the compile has succeeded or failed already.
      }
    }
  }
}
