// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.launcher.cuda;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Loader;

/** Loads the binding of the CUDA driver. */
final class DriverLibrary {
  private DriverLibrary() {}

  /**
   * JavaCPP prints a warning when the presets are a release older than itself. The two fit, and no property turns it
   * off, so what is printed while loading is dropped; failures come as exceptions all the same.
   */
  static void load() {
    PrintStream errors = System.err;
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try {
      Loader.load(cudart.class);
    } finally {
      System.setErr(errors);
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
