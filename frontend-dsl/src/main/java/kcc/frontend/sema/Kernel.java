// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;
import kcc.frontend.syntax.Statement.FunctionDefinition;
import kcc.mlir.diag.SourceLocation;

/// A kernel found in a file.
public final class Kernel {
  /// How a kernel is written.
  public enum Spelling { NATIVE, TRITON }

  private final FunctionDefinition definition;
  private final ModuleScope module;
  private final Spelling spelling;
  private final List<KernelParameter> parameters;

  Kernel(FunctionDefinition definition, ModuleScope module, Spelling spelling) {
    this.definition = definition;
    this.module = module;
    this.spelling = spelling;
    this.parameters = KernelParameters.of(definition, spelling);
  }

  public String name() {
    return definition.name();
  }

  public String file() {
    return module.file();
  }

  public Spelling spelling() {
    return spelling;
  }

  public SourceLocation location() {
    return definition.nameSpan().start();
  }

  public List<KernelParameter> parameters() {
    return parameters;
  }

  /// Names of the constants the compiler has to choose unless they are given.
  public List<String> autoConstants() {
    return parameters.stream().filter(KernelParameter::isAuto).map(KernelParameter::name).toList();
  }

  /// Flags that must be added before the kernel can be compiled; empty when nothing is missing.
  public List<String> missingFlags(Bindings bindings) {
    return MissingTypes.flags(this, bindings);
  }

  /// Names of the sizes of its tensors, in the order they appear.
  public List<String> sizes() {
    List<String> sizes = new ArrayList<>();
    for (KernelParameter parameter : parameters) {
      for (String size : parameter.shape()) {
        if (!sizes.contains(size) && !Character.isDigit(size.charAt(0))) {
          sizes.add(size);
        }
      }
    }
    return sizes;
  }

  /// Names of the file's own constants, such as `T = f32` at its top level; `-D` gives them other values.
  public List<String> moduleConstants() {
    return module.names().stream().filter(name -> module.binding(name) instanceof ModuleScope.Lazy(var expression, _)
        && !ModuleConstants.isSizeDeclaration(expression)).toList();
  }

  FunctionDefinition definition() {
    return definition;
  }

  ModuleScope module() {
    return module;
  }

  @Override
  public String toString() {
    return name();
  }
}
