// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import kcc.frontend.FrontEnd;
import kcc.frontend.ParsedFile;
import kcc.frontend.sema.Kernel;
import kcc.launcher.LauncherException;
import kcc.launcher.verify.VerifyLine;
import kcc.mlir.diag.KccException;

/// What is to be verified of the kernels of a source: a native kernel that no line of the list is about has one of its
/// own, because its source says enough.
public final class SourceLines {
  private SourceLines() {}

  /// @param wanted   the only kernel, or null for all
  /// @param onlyLine number of the only line, or null for all
  /// @param missing  told of kernels that need a line and have none
  public static List<VerifyLine> of(
      Path file, List<VerifyLine> list, String wanted, Integer onlyLine, Consumer<VerifyLine> missing) {
    ParsedFile parsed = FrontEnd.parse(read(file), file.toString());
    if (parsed.hasErrors()) {
      throw new KccException(parsed.diagnostics());
    }
    List<VerifyLine> all = new ArrayList<>();
    for (Kernel kernel : parsed.kernels()) {
      if (wanted != null && !wanted.equals(kernel.name())) {
        continue;
      }
      boolean hostGrid = kernel.spelling() == Kernel.Spelling.TRITON;
      List<VerifyLine> lines = new ArrayList<>();
      for (VerifyLine about : list) {
        if (about.kernel().equals(kernel.name()) && about.isForHostGrid() == hostGrid) {
          lines.add(about);
        }
      }
      if (lines.isEmpty() && hostGrid) {
        missing.accept(VerifyLine.ofKernel(kernel.name()));
      } else if (lines.isEmpty()) {
        lines.add(VerifyLine.ofKernel(kernel.name()));
      }
      lines.removeIf(about -> onlyLine != null && onlyLine != about.number());
      all.addAll(lines);
    }
    return all;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new LauncherException("cannot read '%s': %s".formatted(file, failure.getMessage()), failure);
    }
  }
}
