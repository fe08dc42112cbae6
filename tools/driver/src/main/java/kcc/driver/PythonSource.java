// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.frontend.FrontEnd;
import kcc.frontend.ParsedFile;
import kcc.frontend.sema.Bindings;
import kcc.frontend.sema.Kernel;
import kcc.frontend.sema.KernelParameter;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.diag.NearestName;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OwnedModule;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// Kernels in Python syntax, native or Triton's.
final class PythonSource implements KernelSource {
  private final ParsedFile file;
  private final Map<String, String> defines;
  private final String signature;

  private PythonSource(ParsedFile file, Map<String, String> defines, String signature) {
    this.file = file;
    this.defines = defines;
    this.signature = signature;
  }

  static PythonSource parse(String text, String name, Map<String, String> defines, String signature) {
    ParsedFile file = FrontEnd.parse(text, name);
    if (file.hasErrors()) {
      throw new KccException(file.diagnostics());
    }
    if (file.kernels().isEmpty()) {
      throw new KccException(Diagnostic.error("KCC5001", null, name + " has no kernel")
          .withHelp("a kernel is a function with the decorator @kernel or @triton.jit"));
    }
    checkDefines(file, defines);
    return new PythonSource(file, defines, signature);
  }

  /// A constant of no kernel at all is a slip; one that only some kernels of the file have is theirs.
  private static void checkDefines(ParsedFile file, Map<String, String> defines) {
    Set<String> known = new LinkedHashSet<>();
    for (Kernel kernel : file.kernels()) {
      known.addAll(constants(kernel));
    }
    for (String name : defines.keySet()) {
      if (!known.contains(name)) {
        String near = NearestName.of(name, known);
        throw new KccException(Diagnostic.error("KCC5007", null, "no kernel of the file has a constant '" + name + "'")
            .withHelp(near != null
                ? "did you mean '" + near + "'?"
                : known.isEmpty() ? "there is nothing to set with -D" : "constants are " + String.join(", ", known)));
      }
    }
  }

  private static Set<String> constants(Kernel kernel) {
    Set<String> names = new LinkedHashSet<>();
    for (KernelParameter parameter : kernel.parameters()) {
      names.add(parameter.name());
    }
    names.addAll(kernel.sizes());
    names.addAll(kernel.moduleConstants());
    return names;
  }

  @Override
  public List<String> kernels() {
    List<String> names = new ArrayList<>();
    for (Kernel kernel : file.kernels()) {
      names.add(kernel.name());
    }
    return names;
  }

  /// Sizes of rows decide how wide accesses can be. Where they are known only at launch there is a variant for rows
  /// that begin at aligned addresses; a host's caches do not care.
  @Override
  public List<Variant> variants(String name, Machine machine) {
    Set<String> rows = new LinkedHashSet<>();
    for (KernelParameter parameter : file.kernel(name).parameters()) {
      List<String> shape = parameter.shape();
      for (String size : shape.subList(Math.min(1, shape.size()), shape.size())) {
        if (!Character.isDigit(size.charAt(0)) && !defines.containsKey(size)) {
          rows.add(size);
        }
      }
    }
    return rows.isEmpty() || machine.isa().family() == Isa.Family.HOST
        ? List.of(Variant.GENERAL)
        : List.of(Variant.aligned(List.copyOf(rows)), Variant.GENERAL);
  }

  @Override
  public OwnedModule emit(String name, Variant variant, MlirContext context, Machine machine) {
    Kernel kernel = file.kernel(name);
    Bindings bindings = bindings(kernel, machine).withDivisibility(variant.divisibility());
    FrontEnd.Emitted emitted = FrontEnd.emit(context, kernel, bindings);
    if (emitted.module() == null) {
      throw emitted.isOnlyUnsupported() ? new UnsupportedException(emitted.diagnostics().toArray(Diagnostic[]::new))
          : new KccException(emitted.diagnostics());
    }
    emitted.diagnostics().forEach(context::report);
    return emitted.module();
  }

  /// What is given for the other kernels of the file is no concern of this one.
  private Bindings bindings(Kernel kernel, Machine machine) {
    Set<String> others = new LinkedHashSet<>();
    file.kernels().forEach(other -> others.addAll(constants(other)));
    others.removeAll(constants(kernel));
    Bindings bindings = Bindings.ofConstants(defines);
    if (signature != null) {
      bindings = bindings.withSignature(signature);
    }
    return new AutoConstants(kernel, machine).choose(bindings.without(others));
  }
}
