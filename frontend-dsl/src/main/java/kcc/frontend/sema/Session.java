// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import kcc.mlir.diag.Diagnostic;

/// Everything one specialization of one kernel shares.
final class Session {
  static final int MAX_CALL_DEPTH = 64;

  final ProgramWriter writer = new ProgramWriter();
  final Conversions conversions = new Conversions(writer);
  final Shapes shapes = new Shapes(writer);
  final Arithmetic arithmetic = new Arithmetic(writer, conversions, shapes);
  final Comparisons comparisons = new Comparisons(writer, arithmetic);
  final Memory memory = new Memory(this);
  final Reductions reductions = new Reductions(this);
  final ControlFlow controlFlow = new ControlFlow(this);
  final Evaluator evaluator = new Evaluator(this);
  final Executor executor = new Executor(this);
  final boolean nativeSpelling;

  // A loop body may be evaluated twice, so the same message may come twice.
  private final Set<Diagnostic> diagnostics = new LinkedHashSet<>();
  private final Map<String, Value> sizes = new LinkedHashMap<>();
  // Constants of modules may be given other values from outside, so they are known only within one specialization.
  private final Map<ModuleScope, Map<String, Value>> moduleConstants = new IdentityHashMap<>();
  private final List<String> requirements = new ArrayList<>();
  private List<Polynomial> grid;
  private int callDepth;
  private int conditionalDepth;

  Session(boolean nativeSpelling) {
    this.nativeSpelling = nativeSpelling;
  }

  void report(SemanticError error) {
    if (error.diagnostic() != null) {
      diagnostics.add(error.diagnostic());
    }
  }

  void report(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
  }

  List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  boolean failed() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  Map<String, Value> moduleConstants(ModuleScope module) {
    return moduleConstants.computeIfAbsent(module, _ -> new HashMap<>());
  }

  // ---- sizes ----

  void defineSize(String name, Value value) {
    sizes.put(name, value);
  }

  Value size(String name, Place place) {
    Value value = sizes.get(name);
    if (value == null) {
      throw SemanticError.at(place, FrontEndCode.INTERFACE, "the size '" + name
          + "' is no dimension of any tensor parameter of this kernel, so a launcher cannot know it",
          "add it to a Tensor[...] annotation, fix it with -D " + name + "=VALUE, or pass it as a parameter of type i64");
    }
    return value;
  }

  // ---- what launchers must know ----

  /// Runs `work`, whose operations may not be reached in every program.
  <T> T conditionally(Supplier<T> work) {
    conditionalDepth++;
    try {
      return work.get();
    } finally {
      conditionalDepth--;
    }
  }

  /// Whether every program of the launch comes to this point.
  boolean unconditional() {
    return conditionalDepth == 0;
  }

  void setGrid(List<Polynomial> newGrid) {
    grid = newGrid;
  }

  /// Null as long as the kernel has not called `grid`.
  List<Polynomial> grid() {
    return grid;
  }

  void require(String condition) {
    if (!requirements.contains(condition)) {
      requirements.add(condition);
    }
  }

  List<String> requirements() {
    return requirements;
  }

  // ---- calls ----

  void enterCall(Place place, String name) {
    if (++callDepth > MAX_CALL_DEPTH) {
      throw SemanticError.at(place, FrontEndCode.UNSUPPORTED_PYTHON, "the calls of helper functions are nested more than "
          + MAX_CALL_DEPTH + " deep at '" + name + "'", null);
    }
  }

  void leaveCall() {
    callDepth--;
  }
}
