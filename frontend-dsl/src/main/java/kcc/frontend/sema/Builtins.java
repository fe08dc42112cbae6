// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The table of builtins, by family.
final class Builtins {
  private static final List<Builtin> ALL = collect();
  private static final Map<String, Builtin> BY_NAME = byName();

  private Builtins() {}

  /// In the order of the reference.
  static List<Builtin> all() {
    return ALL;
  }

  /// By native name; null when there is none.
  static Builtin named(String name) {
    return BY_NAME.get(name);
  }

  static List<String> memberNames() {
    return ALL.stream().filter(builtin -> builtin.flags().member()).map(Builtin::name).toList();
  }

  private static List<Builtin> collect() {
    List<Builtin> all = new ArrayList<>();
    LaunchBuiltins.addTo(all);
    CreationBuiltins.addTo(all);
    ShapeBuiltins.addTo(all);
    MathBuiltins.addTo(all);
    ReductionBuiltins.addTo(all);
    SortBuiltins.addTo(all);
    MemoryBuiltins.addTo(all);
    BlockBuiltins.addTo(all);
    RandomBuiltins.addTo(all);
    CompileTimeBuiltins.addTo(all);
    return List.copyOf(all);
  }

  private static Map<String, Builtin> byName() {
    Map<String, Builtin> byName = new HashMap<>();
    for (Builtin builtin : ALL) {
      // Triton's names find the same entries; the native name wins.
      builtin.tritonNames().forEach(name -> byName.putIfAbsent(name, builtin));
      byName.put(builtin.name(), builtin);
    }
    return byName;
  }

  // ---- entries ----

  /// Known in both spellings under one name.
  static Builtin both(String name, String parameters, String summary, String typing, Builtin.Implementation body) {
    return entry(name, List.of(name), parameters, new Builtin.Flags(true, false, false), summary, typing, body);
  }

  /// Known in both spellings, as a function and behind a dot.
  static Builtin member(String name, String parameters, String summary, String typing, Builtin.Implementation body) {
    return entry(name, List.of(name), parameters, new Builtin.Flags(true, true, false), summary, typing, body);
  }

  static Builtin onlyNative(String name, String parameters, String summary, String typing, Builtin.Implementation body) {
    return entry(name, List.of(), parameters, new Builtin.Flags(true, false, false), summary, typing, body);
  }

  static Builtin onlyTriton(String name, String parameters, String summary, String typing, Builtin.Implementation body) {
    return entry(name, List.of(name), parameters, new Builtin.Flags(false, false, false), summary, typing, body);
  }

  static Builtin entry(String name, List<String> tritonNames, String parameters, Builtin.Flags flags, String summary,
      String typing, Builtin.Implementation body) {
    return new Builtin(name, tritonNames, Builtin.parameters(parameters), flags, summary, typing, body);
  }
}
