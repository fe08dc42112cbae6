// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.HashMap;
import java.util.Map;
import kcc.frontend.syntax.Span;

/// The names of one function while it is evaluated, and the module around it.
final class Scope {
  private final Map<String, Value> locals;
  private final ModuleScope module;
  private final Place caller;

  private Scope(Map<String, Value> locals, ModuleScope module, Place caller) {
    this.locals = locals;
    this.module = module;
    this.caller = caller;
  }

  static Scope of(ModuleScope module, Place caller) {
    return new Scope(new HashMap<>(), module, caller);
  }

  /// The same names, for a branch or a loop body that may change them.
  Scope copy() {
    return new Scope(new HashMap<>(locals), module, caller);
  }

  Value local(String name) {
    return locals.get(name);
  }

  void bind(String name, Value value) {
    locals.put(name, value);
  }

  /// Takes over the names of a branch that is the only one that can run.
  void adopt(Scope other) {
    locals.putAll(other.locals);
  }

  Iterable<String> localNames() {
    return locals.keySet();
  }

  ModuleScope module() {
    return module;
  }

  Place place(Span span) {
    return new Place(span, caller);
  }
}
