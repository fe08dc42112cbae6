// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.function.Supplier;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;

/// Private functions of the module that lowered operations call: written in MLIR's text, added when first needed,
/// and inlined by LLVM.
final class RuntimeFunctions {
  static final String INTERNAL = "#llvm.linkage<internal>";

  private final Operation module;

  RuntimeFunctions(Operation module) {
    this.module = module;
  }

  /// @param text of one `func.func private` called `name`
  Operation get(String name, Supplier<String> text) {
    Operation known = module.symbol(name);
    if (known != null) {
      return known;
    }
    try (OwnedModule parsed = module.context().parse(text.get(), name)) {
      Operation function = parsed.operation().symbol(name);
      if (function == null) {
        throw new IllegalStateException("the text of '" + name + "' does not define it");
      }
      function.setAttribute("llvm.linkage", module.context().attribute(INTERNAL));
      function.detach();
      module.region(0).first().append(function);
      return function;
    }
  }
}
