// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import kcc.launcher.LauncherException;

/// The files with kernels in a folder, and the list that lies beside them.
public final class KernelFiles {
  private static final String LIST = "verify.txt";

  /// A list may lie in the folder above, for the kernels in `examples/triton`.
  private static final int FOLDERS = 2;

  private KernelFiles() {}

  /// A file is itself; of a folder all `.py` and `.kcc` files below it, in the alphabet's order.
  public static List<Path> in(Path path) {
    if (!Files.exists(path)) {
      throw new LauncherException("there is no file '%s'".formatted(path));
    }
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> content = Files.walk(path)) {
      List<Path> files = content
          .filter(file -> file.toString().endsWith(".py") || file.toString().endsWith(".kcc"))
          .sorted().toList();
      if (files.isEmpty()) {
        throw new LauncherException("the folder '%s' has neither .py nor .kcc files".formatted(path));
      }
      return files;
    } catch (IOException failure) {
      throw new LauncherException("cannot read the folder '%s': %s".formatted(path, failure.getMessage()), failure);
    }
  }

  /// The nearest `verify.txt` of a kernel file, or null.
  public static Path listOf(Path file) {
    Path folder = file.getParent() == null ? Path.of("") : file.getParent();
    for (int i = 0; i < FOLDERS && folder != null; i++) {
      Path list = folder.resolve(LIST);
      if (Files.isRegularFile(list)) {
        return list;
      }
      folder = folder.getParent() != null ? folder.getParent() : folder.toAbsolutePath().getParent();
    }
    return null;
  }
}
