// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.nvml;
import org.bytedeco.javacpp.Loader;

/** Loads the binding of the CUDA driver. */
final class DriverLibrary {
  private static final String RUNTIME = "libcudart.so.13";

  private DriverLibrary() {}

  /**
   * JavaCPP prints a warning when the presets are a release older than itself. The two fit, and no property turns it
   * off, so what is printed while loading is dropped; failures come as exceptions all the same.
   */
  static void load() {
    quietly(DriverLibrary::loadWithoutToolkit);
  }

  /** Loads the binding of NVML; after {@link #load}. */
  static void loadManagement() {
    quietly(() -> Loader.load(nvml.class));
  }

  private static void quietly(Runnable loading) {
    PrintStream errors = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      loading.run();
    } finally {
      System.setErr(errors);
    }
  }

  /**
   * The binding is linked with the CUDA runtime library, which comes with the toolkit and not with the driver. Nothing of
   * it is called here, so where it is missing an empty library of its name does.
   */
  private static void loadWithoutToolkit() {
    try {
      Loader.load(cudart.class);
    } catch (LinkageError failure) {
      if (!reason(failure).contains(RUNTIME)) {
        throw failure;
      }
      try {
        Path file = Files.createTempDirectory("kcc").resolve(RUNTIME);
        Files.write(file, EmptySharedObject.named(RUNTIME));
        System.load(file.toString());
        Files.delete(file);
        Files.delete(file.getParent());
      } catch (IOException unwritten) {
        throw failure;
      }
      Loader.load(cudart.class);
    }
  }

  /** What the system's loader said, which JavaCPP wraps several times. */
  static String reason(Throwable failure) {
    String reason = failure.getMessage();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = cause.getMessage();
      if (text != null && text.contains("cannot open shared object file")) {
        // "/path/libjnicudart.so: libcuda.so.1: cannot open shared object file: No such file or directory"
        reason = text.replaceFirst("^/[^:]*: ", "");
      }
    }
    return reason;
  }
}
