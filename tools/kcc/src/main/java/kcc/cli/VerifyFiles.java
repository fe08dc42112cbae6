// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.cli.verify.KernelFiles;
import kcc.cli.verify.SourceLines;
import kcc.driver.CompileRequest;
import kcc.launcher.Device;
import kcc.launcher.FatBinary;
import kcc.launcher.verify.Verifier;
import kcc.launcher.verify.VerifyLine;
import kcc.launcher.verify.VerifyList;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.targets.Targets;
import org.apache.commons.cli.CommandLine;

/// Brings kernels of files to the [Verifier]: fat binaries as they are, sources compiled as each line of the list says.
final class VerifyFiles {
  private final Verifier verifier;
  private final Device device;
  private final CommandLine line;
  private final Integer onlyLine;
  private final long seed;
  private final Terminal terminal;
  private final Map<Path, List<VerifyLine>> lists = new HashMap<>();

  VerifyFiles(Verifier verifier, Device device, CommandLine line, Integer onlyLine, long seed, Terminal terminal) {
    this.verifier = verifier;
    this.device = device;
    this.line = line;
    this.onlyLine = onlyLine;
    this.seed = seed;
    this.terminal = terminal;
  }

  void verify(Path file) {
    Path list = line.hasOption("list") ? Path.of(line.getOptionValue("list")) : KernelFiles.listOf(file);
    List<VerifyLine> lines = list == null ? List.of() : lists.computeIfAbsent(list, VerifyList::read);
    String kernel = line.getOptionValue("kernel");
    if (file.toString().endsWith(".py")) {
      verifySource(file, lines, kernel);
    } else if (file.toString().endsWith(".kcc")) {
      verifier.verifyAll(FatBinary.read(file), lines, kernel, onlyLine, about -> command(file, about));
    } else {
      FatBinary binary = compile(file, kernel == null ? List.of() : List.of(kernel), Map.of(), null);
      verifier.verifyAll(binary, lines, kernel, onlyLine, about -> command(file, about));
    }
  }

  private void verifySource(Path file, List<VerifyLine> list, String wanted) {
    List<VerifyLine> lines = SourceLines.of(file, list, wanted, onlyLine, kernel ->
        verifier.fail(file.toString(), kernel, Verifier.missingLine(kernel.kernel())));
    for (VerifyLine about : lines) {
      verify(file, about);
    }
  }

  private void verify(Path file, VerifyLine about) {
    FatBinary binary;
    try {
      binary = compile(file, List.of(about.kernel()), about.defines(), about.signature());
    } catch (KccException refused) {
      terminal.err().print(terminal.printer().render(refused.diagnostics()));
      verifier.fail(file.toString(), about, "does not compile: " + texts(refused.diagnostics()));
      return;
    }
    verifier.verify(binary, about, command(file, about));
  }

  private static String texts(List<Diagnostic> diagnostics) {
    return String.join("; ", diagnostics.stream().filter(Diagnostic::isError).map(Diagnostic::text).toList());
  }

  private FatBinary compile(Path file, List<String> kernels, Map<String, String> constants, String signature) {
    Map<String, String> defines = new LinkedHashMap<>(constants);
    defines.putAll(CompileOptions.defines(line));
    String target = line.hasOption("target") ? line.getOptionValue("target") : Devices.targetOf(device);
    CompileRequest request = new CompileRequest(
        file, kernels, List.of(target, Targets.REFERENCE), defines, signature, null, Set.of(), null, Path.of("."));
    return FatBinary.parse(Compilation.run(request, line, terminal).fatBinary(), file.toString());
  }

  private String command(Path file, VerifyLine about) {
    StringBuilder command = new StringBuilder("kcc verify %s --kernel %s".formatted(file, about.kernel()));
    for (String name : List.of("device", "target", "list", "elements")) {
      if (line.hasOption(name)) {
        command.append(" --").append(name).append(' ').append(line.getOptionValue(name));
      }
    }
    if (about.number() > 0) {
      command.append(" --line ").append(about.number());
    }
    if (line.hasOption("size")) {
      for (String size : line.getOptionValues("size")) {
        command.append(" --size ").append(size);
      }
    }
    CompileOptions.defines(line).forEach((name, value) -> command.append(" -D ").append(name).append('=').append(value));
    return command.append(" --seed ").append(seed).toString();
  }
}
