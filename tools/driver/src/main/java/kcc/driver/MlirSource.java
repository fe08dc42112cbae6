// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.driver;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.KccException;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.scheduler.machine.Machine;

/// Kernels written in MLIR at the tile level.
final class MlirSource implements KernelSource {
  private final String text;
  private final String file;
  private final List<String> kernels;

  private MlirSource(String text, String file, List<String> kernels) {
    this.text = text;
    this.file = file;
    this.kernels = kernels;
  }

  static MlirSource parse(String text, String file) {
    try (MlirContext context = MlirContext.create();
        OwnedModule module = context.parse(text, file)) {
      List<String> kernels = new ArrayList<>();
      for (Operation function : functions(module)) {
        kernels.add(name(function));
      }
      if (kernels.isEmpty()) {
        throw new KccException(Diagnostic.error("KCC5001", null, file + " has no kernel")
            .withHelp("a kernel is a gpu.func with the keyword 'kernel' in a gpu.module"));
      }
      return new MlirSource(text, file, List.copyOf(kernels));
    }
  }

  private static List<Operation> functions(OwnedModule module) {
    return module.operation().find("gpu.func");
  }

  private static String name(Operation function) {
    return function.attribute("sym_name").asString();
  }

  @Override
  public List<String> kernels() {
    return kernels;
  }

  /// The text says all there is to know.
  @Override
  public List<Variant> variants(String kernel, Machine machine) {
    return List.of(Variant.GENERAL);
  }

  @Override
  public OwnedModule emit(String kernel, Variant variant, MlirContext context, Machine machine) {
    OwnedModule module = context.parse(text, file);
    for (Operation function : functions(module)) {
      if (!name(function).equals(kernel)) {
        function.erase();
      }
    }
    for (Operation gpuModule : module.operation().find("gpu.module")) {
      if (gpuModule.find("gpu.func").isEmpty()) {
        gpuModule.erase();
      }
    }
    return module;
  }

  /// What the tiles were before they were IR is not known.
  @Override
  public Double cyclesForProducts(String kernel, Variant variant, Machine machine) {
    return null;
  }
}
