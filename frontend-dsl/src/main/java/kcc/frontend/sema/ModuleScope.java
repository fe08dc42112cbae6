// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.frontend.syntax.Expression;
import kcc.frontend.syntax.Statement;

/// The names a file defines at its top level: imports, constants, sizes and functions. Nothing is executed: a constant
/// is evaluated when a kernel asks for it, so host code that kernels do not use may be anything.
final class ModuleScope {
  /// What a top-level name stands for before it is evaluated.
  sealed interface Binding {}

  record Known(Value value) implements Binding {}

  /// Element `index` of what the expression gives, or all of it when the index is -1.
  record Lazy(Expression expression, int index) implements Binding {}

  private final String file;
  private final Map<String, Binding> bindings = new LinkedHashMap<>();
  private boolean importsKcc;
  private boolean importsTriton;

  private ModuleScope(String file) {
    this.file = file;
  }

  static ModuleScope of(String file, List<Statement> statements) {
    ModuleScope scope = new ModuleScope(file);
    scope.collect(statements);
    return scope;
  }

  String file() {
    return file;
  }

  Binding binding(String name) {
    return bindings.get(name);
  }

  Set<String> names() {
    return bindings.keySet();
  }

  boolean importsKcc() {
    return importsKcc;
  }

  boolean importsTriton() {
    return importsTriton;
  }

  List<Statement.FunctionDefinition> functions() {
    return bindings.values().stream()
        .map(binding -> binding instanceof Known(Value.Function function) ? function.definition() : null)
        .filter(java.util.Objects::nonNull).toList();
  }

  // Both sides of an `if` and all parts of a `try` define names: which one would run is the host's affair. The first
  // definition wins there, the last one in plain sequence, as Python has it.
  private void collect(List<Statement> statements) {
    for (Statement statement : statements) {
      switch (statement) {
        case Statement.FunctionDefinition function -> bind(function.name(), new Known(new Value.Function(function, this)));
        case Statement.Assign assign -> assign.targets().forEach(target -> bindTarget(target, assign.value()));
        case Statement.AnnotatedAssign assign when assign.value() != null -> bindTarget(assign.target(), assign.value());
        case Statement.Import imported -> imported.modules().forEach(this::importModule);
        case Statement.ImportFrom imported -> importFrom(imported);
        case Statement.If choice -> {
          collectAlternative(choice.then());
          collectAlternative(choice.otherwise());
        }
        case Statement.Try attempt -> {
          collectAlternative(attempt.body());
          attempt.handlers().forEach(handler -> collectAlternative(handler.body()));
          collectAlternative(attempt.otherwise());
        }
        default -> { }
      }
    }
  }

  private void collectAlternative(List<Statement> statements) {
    Map<String, Binding> before = new LinkedHashMap<>(bindings);
    collect(statements);
    bindings.putAll(before);
  }

  private void bind(String name, Binding binding) {
    bindings.put(name, binding);
  }

  private void bindTarget(Expression target, Expression value) {
    switch (target) {
      case Expression.Name name -> bind(name.name(), new Lazy(value, -1));
      case Expression.Tuple tuple -> {
        for (int i = 0; i < tuple.elements().size(); i++) {
          if (tuple.elements().get(i) instanceof Expression.Name name) {
            bind(name.name(), new Lazy(value, i));
          }
        }
      }
      default -> { }
    }
  }

  private void importModule(Statement.Alias module) {
    String path = module.name();
    noteImport(path);
    String root = path.contains(".") && module.alias() == null ? path.substring(0, path.indexOf('.')) : path;
    bind(module.alias() != null ? module.alias() : root, new Known(new Value.Namespace(root)));
  }

  private void importFrom(Statement.ImportFrom imported) {
    String module = imported.module();
    if (imported.level() > 0 || !Language.knowsModule(module)) {
      for (Statement.Alias name : imported.names()) {
        bind(name.boundName(), new Known(new Value.Undefined("'" + name.boundName() + "' comes from the module '"
            + ".".repeat(imported.level()) + module + "', which is not part of this file and is not read")));
      }
      return;
    }
    noteImport(module);
    if (imported.names().isEmpty()) {
      Language.namesOf(module).forEach(name -> bind(name, new Known(Language.member(module, name))));
    }
    for (Statement.Alias name : imported.names()) {
      Value value = Language.member(module, name.name());
      bind(name.boundName(), new Known(value != null ? value : new Value.Undefined(
          "the module '" + module + "' has no '" + name.name() + "' that kernels can use")));
    }
  }

  private void noteImport(String module) {
    importsKcc |= module.equals("kcc");
    importsTriton |= module.equals("triton") || module.startsWith("triton.");
  }
}
