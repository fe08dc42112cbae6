// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.util.ArrayList;
import java.util.List;

/// The flags a kernel still needs.
final class MissingTypes {
  private MissingTypes() {}

  static List<String> flags(Kernel kernel, Bindings bindings) {
    List<String> typed = new ArrayList<>();
    List<String> flags = new ArrayList<>();
    for (KernelParameter parameter : kernel.parameters()) {
      String name = parameter.name();
      boolean given = bindings.constants().containsKey(name) || bindings.types().containsKey(name);
      if (given || parameter.defaultText() != null && !parameter.isAuto()) {
        continue;
      }
      switch (parameter.kind()) {
        case UNTYPED -> typed.add(name + ":" + guess(name));
        case CONSTANT -> flags.add("-D " + name + "=" + (parameter.isAuto() ? "64" : "1024"));
        case TENSOR, POINTER, SCALAR -> { }
      }
    }
    if (!typed.isEmpty()) {
      flags.addFirst("--signature \"" + String.join(", ", typed) + "\"");
    }
    return flags;
  }

  /// Only for the example in a message: names of pointers usually say so.
  private static String guess(String name) {
    boolean pointer = name.toLowerCase(java.util.Locale.ROOT).contains("ptr") || name.matches("[A-Z][A-Za-z]?")
        || name.matches("(output|input|out|x|y|z|a|b|c|q|k|v|o|w)");
    return pointer ? "*f32:16" : "i32";
  }
}
