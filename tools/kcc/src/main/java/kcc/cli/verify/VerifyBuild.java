// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.cli.verify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import kcc.driver.CompileRequest;
import kcc.driver.CompileResult;
import kcc.launcher.LauncherException;
import kcc.launcher.verify.Verifier;
import kcc.launcher.verify.VerifyLine;
import kcc.launcher.verify.VerifyList;
import kcc.mlir.diag.KccException;
import kcc.targets.Targets;

/// Compiles kernels as the lines of a verification list say, for chips and with the reference, for a machine that has
/// no compiler. Lines with the same constants share a fat binary.
public final class VerifyBuild {
  /// What is compiled together.
  private record Unit(Path file, String kernel, Map<String, String> defines, String signature) {}

  private final List<String> targets;
  private final Function<CompileRequest, CompileResult> compiler;
  private final Consumer<String> progress;
  private final Map<Unit, String> files = new LinkedHashMap<>();
  private final Map<String, byte[]> binaries = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private final JsonArray cases = new JsonArray();

  /// @param targets chips to compile for
  public VerifyBuild(
      List<String> targets, Function<CompileRequest, CompileResult> compiler, Consumer<String> progress) {
    List<String> all = new ArrayList<>(targets);
    all.add(Targets.REFERENCE);
    this.targets = List.copyOf(all);
    this.compiler = compiler;
    this.progress = progress;
  }

  /// Adds the kernels of a source or of the sources in a folder.
  ///
  /// @param list    what to draw, or null for the list beside the kernels
  /// @param refused told of what does not compile, which is then left out; null to end with the first such
  public void add(Path path, Path list, Consumer<RuntimeException> refused) {
    Map<Path, List<VerifyLine>> lists = new HashMap<>();
    for (Path file : KernelFiles.in(path)) {
      if (file.toString().endsWith(".kcc")) {
        throw new LauncherException(
            "'%s' is compiled already; name the sources of what a bundle is to verify".formatted(file));
      }
      Path own = list != null ? list : KernelFiles.listOf(file);
      List<VerifyLine> lines = own == null ? List.of() : lists.computeIfAbsent(own, VerifyList::read);
      List<VerifyLine> about = SourceLines.of(file, lines, null, null, kernel -> {
        throw new LauncherException("%s: %s".formatted(file, Verifier.missingLine(kernel.kernel())));
      });
      for (VerifyLine line : about) {
        try {
          add(file, line);
        } catch (KccException failure) {
          if (refused == null) {
            throw failure;
          }
          refused.accept(failure);
        }
      }
    }
  }

  private void add(Path file, VerifyLine line) {
    Unit unit = new Unit(file, line.kernel(), line.defines(), line.signature());
    String name = files.get(unit);
    if (name == null) {
      progress.accept("for verification: %s %s".formatted(line.kernel(), new TreeMap<>(line.defines())));
      CompileRequest request = new CompileRequest(
          file, List.of(line.kernel()), targets, line.defines(), line.signature(), null, Set.of(), null, Path.of("."));
      byte[] bytes = compiler.apply(request).fatBinary();
      name = "%03d-%s.kcc".formatted(binaries.size(), line.kernel());
      binaries.put(name, bytes);
      files.put(unit, name);
    }
    JsonObject json = new JsonObject();
    json.addProperty("name", name(line));
    json.addProperty("file", name);
    json.addProperty("kernel", line.kernel());
    json.addProperty("line", line.text());
    cases.add(json);
  }

  /// Kernel and constants; a number where that is not enough.
  private String name(VerifyLine line) {
    StringBuilder name = new StringBuilder(line.isForHostGrid() ? "triton " : "").append(line.kernel());
    new TreeMap<>(line.defines()).forEach((constant, value) ->
        name.append(' ').append(constant).append('=').append(value));
    String base = name.toString();
    for (int copy = 2; !names.add(name.toString()); copy++) {
      name.setLength(0);
      name.append(base).append(" #").append(copy);
    }
    return name.toString();
  }

  /// A list of `name`, `file`, `kernel` and `line`, the text of the list's line or nothing.
  public JsonArray cases() {
    return cases.deepCopy();
  }

  /// The contents of the fat binaries by the names that the cases have for them.
  public Map<String, byte[]> binaries() {
    return Map.copyOf(binaries);
  }
}
