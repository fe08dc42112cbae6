// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// One function of the language with all that is known about it: names in both spellings, parameters, what it does to
/// shapes and types, and how it is evaluated. `docs/language.md` is generated from these entries.
///
/// @param name        the native name; also the one in messages
/// @param tritonNames names under `triton.language`, none for native-only functions
/// @param parameters  in order; text such as `x|input, axis=None, *dims` where `|` separates other accepted names
/// @param flags       how it may be called
/// @param summary     one sentence for the reference
/// @param typing      shapes and types in and out
record Builtin(
    String name, List<String> tritonNames, List<Parameter> parameters, Flags flags, String summary, String typing,
    Implementation implementation) {

  /// `nativeSpelling`: known to kernels that import kcc. `member`: may be written `x.name(...)`. `takesPlace`: the first
  /// argument names memory, so `A[i:i+BM]` there is not read.
  record Flags(boolean nativeSpelling, boolean member, boolean takesPlace) {}

  record Parameter(String name, List<String> otherNames, Value defaultValue, boolean required, boolean rest) {}

  @FunctionalInterface
  interface Implementation {
    Value call(Evaluator evaluator, Arguments arguments);
  }

  static List<Parameter> parameters(String text) {
    List<Parameter> parameters = new ArrayList<>();
    if (text.isBlank()) {
      return parameters;
    }
    for (String part : text.split(",")) {
      String[] sides = part.strip().split("=", 2);
      boolean rest = sides[0].startsWith("*");
      List<String> names = List.of((rest ? sides[0].substring(1) : sides[0]).split("\\|"));
      Value defaultValue = sides.length == 1 ? null : defaultValue(sides[1]);
      parameters.add(new Parameter(names.getFirst(), names.subList(1, names.size()), defaultValue,
          sides.length == 1 && !rest, rest));
    }
    return parameters;
  }

  private static Value defaultValue(String text) {
    return switch (text) {
      case "None" -> Value.NONE_VALUE;
      case "True" -> new Value.Constant(true);
      case "False" -> new Value.Constant(false);
      default -> {
        ElementType type = ElementType.named(text);
        yield type != null ? new Value.Constant(type)
            : text.startsWith("\"") ? new Value.Constant(text.substring(1, text.length() - 1))
            : new Value.Constant(new BigInteger(text));
      }
    };
  }

  /// As a user would write the declaration.
  String declaration() {
    List<String> parts = new ArrayList<>();
    for (Parameter parameter : parameters) {
      String defaultText = parameter.required() || parameter.rest() ? ""
          : "=" + (parameter.defaultValue() instanceof Value.Constant(Object constant) ? PythonNumbers.text(constant) : "");
      parts.add((parameter.rest() ? "*" : "") + parameter.name() + defaultText);
    }
    return name + "(" + String.join(", ", parts) + ")";
  }
}
