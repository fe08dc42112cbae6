// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What the modules a kernel can import contain: `kcc`, `triton`, `triton.language`, libdevice, and `math`.
final class Language {
  private static final Map<String, Value> NATIVE = nativeNames();
  private static final Map<String, Value> TRITON_LANGUAGE = tritonNames();
  private static final Map<String, Value> TRITON = Map.of(
      "language", new Value.Namespace("triton.language"),
      "jit", new Value.TypeName("jit"),
      "autotune", new Value.TypeName("autotune"),
      "heuristics", new Value.TypeName("heuristics"),
      "Config", new Value.TypeName("Config"),
      "cdiv", TRITON_LANGUAGE.get("cdiv"),
      "next_power_of_2", new Value.BuiltinFunction(Builtins.named("next_power_of_2")));
  private static final Map<String, Value> MATH = Map.of(
      "pi", new Value.Constant(Math.PI), "e", new Value.Constant(Math.E), "tau", new Value.Constant(Math.TAU),
      "inf", new Value.Constant(Double.POSITIVE_INFINITY), "nan", new Value.Constant(Double.NaN));
  private static final List<String> MATH_FUNCTIONS =
      List.of("exp", "exp2", "log", "log2", "sqrt", "sin", "cos", "tanh", "erf", "floor", "ceil");
  // What Python itself provides; `min` and `max` are the elementwise ones here.
  private static final Map<String, Value> PYTHON = pythonNames();

  // Functions that Triton has and kcc does not: the user wrote something valid.
  private static final Set<String> NOT_SUPPORTED = Set.of(
      "dot_scaled", "inline_asm_elementwise", "map_elementwise", "swizzle2d", "pow", "log1p", "expm1",
      "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh", "asinh", "acosh", "atanh", "fmod", "round",
      "rint", "trunc", "copysign", "erfc", "erfinv", "cbrt", "hypot", "ldexp", "lgamma", "tgamma", "constexpr_function");

  private Language() {}

  static boolean isMissing(String module, String name) {
    return module.startsWith("triton.language") && NOT_SUPPORTED.contains(name);
  }

  static boolean knowsModule(String module) {
    return module.equals("kcc") || module.equals("math") || module.equals("triton")
        || module.equals("triton.language") || isLibdevice(module) || module.equals("triton.language.extra")
        || module.equals("triton.language.math") || module.equals("triton.language.standard")
        || module.equals("triton.language.core");
  }

  private static boolean isLibdevice(String module) {
    return module.startsWith("triton.language.") && module.endsWith("libdevice") || module.equals("triton.language.extra.cuda")
        || module.equals("triton.language.extra.hip");
  }

  /// Null when the module has no such name.
  static Value member(String module, String name) {
    return switch (module) {
      case "kcc" -> NATIVE.get(name);
      case "triton" -> TRITON.get(name);
      case "math" -> MATH.containsKey(name) ? MATH.get(name)
          : MATH_FUNCTIONS.contains(name) ? new Value.BuiltinFunction(Builtins.named(name)) : null;
      case "triton.language", "triton.language.core", "triton.language.standard", "triton.language.math" ->
          switch (name) {
            case "math", "standard", "core" -> new Value.Namespace("triton.language");
            case "extra" -> new Value.Namespace("triton.language.extra");
            case "PropagateNan" -> new Value.Namespace("triton.language.PropagateNan");
            default -> TRITON_LANGUAGE.get(name);
          };
      case "triton.language.PropagateNan" -> switch (name) {
        case "ALL" -> new Value.Constant("all");
        case "NONE" -> new Value.Constant("none");
        default -> null;
      };
      default -> module.startsWith("triton.language.extra")
          ? switch (name) {
            case "cuda", "hip", "libdevice" -> new Value.Namespace("triton.language.extra." + name);
            default -> TRITON_LANGUAGE.get(name);
          } : null;
    };
  }

  static Iterable<String> namesOf(String module) {
    return switch (module) {
      case "kcc" -> NATIVE.keySet();
      case "math" -> MATH.keySet();
      case "triton" -> TRITON.keySet();
      default -> TRITON_LANGUAGE.keySet();
    };
  }

  /// Null when Python has no such builtin that kernels can use.
  static Value python(String name) {
    return PYTHON.get(name);
  }

  static boolean isNative(String name) {
    return NATIVE.containsKey(name);
  }

  private static Map<String, Value> nativeNames() {
    Map<String, Value> names = new LinkedHashMap<>();
    for (ElementType type : ElementType.values()) {
      names.put(type.text(), new Value.Constant(type));
    }
    // `bool` itself is Python's own name and needs no import.
    names.remove("bool");
    names.put("inf", new Value.Constant(Double.POSITIVE_INFINITY));
    names.put("nan", new Value.Constant(Double.NaN));
    names.put("pi", new Value.Constant(Math.PI));
    names.put("LOG2E", new Value.Constant(1 / Math.log(2)));
    names.put("LN2", new Value.Constant(Math.log(2)));
    for (String annotation : List.of("Tensor", "Pointer", "const", "kernel", "auto")) {
      names.put(annotation, new Value.TypeName(annotation));
    }
    for (Builtin builtin : Builtins.all()) {
      if (builtin.flags().nativeSpelling()) {
        names.put(builtin.name(), new Value.BuiltinFunction(builtin));
      }
    }
    return names;
  }

  private static Map<String, Value> tritonNames() {
    Map<String, Value> names = new LinkedHashMap<>();
    for (ElementType type : ElementType.values()) {
      names.put(type.tritonName(), new Value.Constant(type));
    }
    names.put("constexpr", new Value.TypeName("constexpr"));
    names.put("tensor", new Value.TypeName("tensor"));
    names.put("dtype", new Value.TypeName("dtype"));
    names.put("pi", new Value.Constant(Math.PI));
    for (Builtin builtin : Builtins.all()) {
      builtin.tritonNames().forEach(name -> names.put(name, new Value.BuiltinFunction(builtin)));
    }
    return names;
  }

  private static Map<String, Value> pythonNames() {
    Map<String, Value> names = new HashMap<>();
    names.put("range", new Value.BuiltinFunction(Builtins.named("range")));
    names.put("min", new Value.BuiltinFunction(Builtins.named("python_min")));
    names.put("max", new Value.BuiltinFunction(Builtins.named("python_max")));
    names.put("abs", new Value.BuiltinFunction(Builtins.named("abs")));
    names.put("len", new Value.BuiltinFunction(Builtins.named("len")));
    names.put("float", new Value.BuiltinFunction(Builtins.named("float")));
    names.put("int", new Value.BuiltinFunction(Builtins.named("int")));
    names.put("bool", new Value.Constant(ElementType.BOOL));
    names.put("print", new Value.BuiltinFunction(Builtins.named("print")));
    return names;
  }

  /// Names a user may have meant, for the message about an unknown one.
  static List<String> suggestions(Scope scope) {
    TreeSet<String> names = new TreeSet<>(scope.module().names());
    scope.localNames().forEach(names::add);
    names.addAll(PYTHON.keySet());
    return new ArrayList<>(names);
  }

  static BigInteger nextPowerOfTwo(BigInteger value) {
    return value.signum() <= 0 ? BigInteger.ONE : BigInteger.ONE.shiftLeft(value.subtract(BigInteger.ONE).bitLength());
  }
}
