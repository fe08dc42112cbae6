// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.List;
import java.util.stream.Collectors;

/// The tables of `docs/language.md`, made from the entries the compiler itself works with.
public final class LanguageReference {
  private LanguageReference() {}

  public static String builtins() {
    StringBuilder out = new StringBuilder();
    out.append("| native | `tl.` | what it does | shapes and types |\n|---|---|---|---|\n");
    for (Builtin builtin : Builtins.all()) {
      boolean internal = builtin.tritonNames().isEmpty() && !builtin.flags().nativeSpelling();
      if (internal) {
        continue;
      }
      String name = builtin.flags().nativeSpelling() ? "`" + builtin.declaration() + "`" : "";
      String member = builtin.flags().nativeSpelling() && builtin.flags().member() ? " (also `x." + builtin.name() + "`)" : "";
      String triton = builtin.tritonNames().stream().map(other -> "`" + other + "`").collect(Collectors.joining(", "));
      row(out, name + member, triton, builtin.summary(), builtin.typing());
    }
    return out.toString();
  }

  public static String types() {
    StringBuilder out = new StringBuilder();
    out.append("| native | `tl.` | in signatures also | bits |\n|---|---|---|---|\n");
    for (ElementType type : ElementType.values()) {
      List<String> others = type.otherNames().stream().filter(name -> !name.equals(type.tritonName())).toList();
      row(out, "`" + type.text() + "`", "`" + type.tritonName() + "`",
          others.stream().map(other -> "`" + other + "`").collect(Collectors.joining(", ")),
          type == ElementType.BOOL ? "1, a byte in memory" : Integer.toString(type.bits()));
    }
    return out.toString();
  }

  private static void row(StringBuilder out, String... cells) {
    for (String cell : cells) {
      out.append("| ").append(cell.replace("|", "\\|")).append(' ');
    }
    out.append("|\n");
  }
}
