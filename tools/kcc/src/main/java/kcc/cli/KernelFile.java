// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import kcc.driver.CompileResult;
import kcc.launcher.FatBinary;
import org.apache.commons.cli.CommandLine;

/// A kernel file given to a command that runs kernels: a fat binary is read, a source is compiled in memory.
final class KernelFile {
  private KernelFile() {}

  static FatBinary load(Path file, CommandLine line, List<String> targets, Terminal terminal) {
    if (file.toString().endsWith(".kcc")) {
      return FatBinary.read(file);
    }
    CompileResult result =
        Compilation.run(CompileOptions.request(line, file, targets, null, Set.of()), line, terminal);
    return FatBinary.parse(result.fatBinary(), file.toString());
  }
}
