// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.List;
import kcc.launcher.FatBinary;
import org.apache.commons.cli.CommandLine;

/// A kernel file given to a command that runs kernels: a fat binary is read, a source is compiled in memory.
final class KernelFile {
  private KernelFile() {}

  static FatBinary load(Path file, CommandLine line, List<String> targets, Terminal terminal) {
    return FatBinary.read(file);
  }
}
