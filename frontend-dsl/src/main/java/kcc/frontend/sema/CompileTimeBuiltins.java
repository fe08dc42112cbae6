// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.frontend.sema;

import java.math.BigInteger;
import java.util.List;
import kcc.mlir.diag.Diagnostic;

/// Checks and messages of the compile, hints, and Python's own functions on compile-time values.
final class CompileTimeBuiltins {
  private static final Builtin.Flags PYTHON = new Builtin.Flags(false, false, false);

  private CompileTimeBuiltins() {}

  static void addTo(List<Builtin> all) {
    all.add(Builtins.both("static_assert", "cond, msg=None", "Stops the compile with msg unless cond holds.",
        "cond known at compile time", (_, arguments) -> {
          if (!PythonNumbers.truth(arguments.constant("cond"))) {
            String text = arguments.has("msg") ? arguments.text("msg") : "static_assert failed";
            throw arguments.error(FrontEndCode.ASSERTION, "assertion failed: " + text, null);
          }
          return Value.NONE_VALUE;
        }));
    all.add(Builtins.both("static_print", "*values", "Writes a remark while compiling.", "any", CompileTimeBuiltins::print));
    all.add(Builtins.both("device_assert", "cond, msg=None, mask=None",
        "Stops the kernel unless cond holds everywhere. Under Triton's name it does nothing, as without its debug mode.",
        "bool", (evaluator, arguments) -> {
          Assertions.decide(evaluator.session, arguments.get("cond"), arguments.has("msg") ? arguments.text("msg")
              : "device_assert failed", arguments.place(), evaluator.session.nativeSpelling);
          return Value.NONE_VALUE;
        }));
    all.add(Builtins.both("multiple_of", "x|input, values", "Says that x is a multiple of values; gives x.",
        "compile-time integers", (_, arguments) -> arguments.get("x")));
    all.add(Builtins.both("max_contiguous", "x|input, values",
        "Says that x counts up by one in runs of values; gives x.", "compile-time integers",
        (_, arguments) -> arguments.get("x")));
    all.add(Builtins.both("max_constancy", "x|input, values",
        "Says that x is constant in runs of values; gives x.", "compile-time integers",
        (_, arguments) -> arguments.get("x")));
    all.add(Builtins.both("assume", "cond", "Says that cond holds.", "bool", (_, _) -> Value.NONE_VALUE));
    all.add(Builtins.onlyTriton("debug_barrier", "", "Does nothing: the order of tile operations is the written one.", "",
        (_, _) -> Value.NONE_VALUE));
    all.add(Builtins.entry("next_power_of_2", List.of(), "n", new Builtin.Flags(true, false, false),
        "The smallest power of two that is not below n.", "compile-time integer",
        (_, arguments) -> new Value.Constant(Language.nextPowerOfTwo(BigInteger.valueOf(arguments.integer("n"))))));
    addPython(all);
  }

  private static void addPython(List<Builtin> all) {
    all.add(Builtins.entry("python_min", List.of(), "*values", PYTHON, "Python's min: the smallest of several values.",
        "numbers and scalars", (evaluator, arguments) -> fold(evaluator, arguments, false)));
    all.add(Builtins.entry("python_max", List.of(), "*values", PYTHON, "Python's max: the largest of several values.",
        "numbers and scalars", (evaluator, arguments) -> fold(evaluator, arguments, true)));
    all.add(Builtins.entry("len", List.of(), "x", PYTHON, "Elements of a tuple; first size of a tile.", "",
        (_, arguments) -> switch (arguments.get("x")) {
          case Value.Tuple tuple -> Value.Constant.of(tuple.elements().size());
          case Value.Constant(String text) -> Value.Constant.of(text.length());
          case Value.Runtime(Ssa ssa) when !ssa.shape().isEmpty() -> Value.Constant.of(ssa.shape().getFirst());
          default -> throw arguments.typeError("x", "a tuple or a tile");
        }));
    all.add(Builtins.entry("float", List.of(), "x", PYTHON,
        "A floating number: of a compile-time value, of a text such as \"inf\", or of a scalar or tile in f32.", "",
        CompileTimeBuiltins::toFloat));
    all.add(Builtins.entry("int", List.of(), "x", PYTHON, "An integer: of a compile-time value, or of a scalar or tile in i32.",
        "", CompileTimeBuiltins::toInteger));
    all.add(Builtins.entry("print", List.of("device_print"), "*values", PYTHON,
        "Not supported in kernels; static_print writes while compiling.", "", (_, arguments) -> {
          throw arguments.error(FrontEndCode.UNSUPPORTED_PYTHON, "kernels cannot print",
              "static_print(...) writes while compiling");
        }));
    all.add(Builtins.entry("dtype_test", List.of(), "type", PYTHON, "Questions such as x.dtype.is_fp16().", "",
        CompileTimeBuiltins::testType));
  }

  private static Value print(Evaluator evaluator, Arguments arguments) {
    StringBuilder text = new StringBuilder();
    for (Value value : ((Value.Tuple) arguments.get("values")).elements()) {
      text.append(text.isEmpty() ? "" : " ").append(value instanceof Value.Constant(String s) ? s : Arithmetic.describe(value));
    }
    evaluator.session.report(arguments.place().explain(
        Diagnostic.remark(null, arguments.place().location(), text.toString())));
    return Value.NONE_VALUE;
  }

  private static Value fold(Evaluator evaluator, Arguments arguments, boolean largest) {
    List<Value> values = ((Value.Tuple) arguments.get("values")).elements();
    if (values.size() == 1 && values.getFirst() instanceof Value.Tuple tuple) {
      values = tuple.elements();
    }
    if (values.isEmpty()) {
      throw arguments.error(FrontEndCode.CALL, "'" + (largest ? "max" : "min") + "' needs at least one value", null);
    }
    Value result = values.getFirst();
    for (Value value : values.subList(1, values.size())) {
      result = MathBuiltins.extreme(evaluator.session, result, value, largest, false);
    }
    return result;
  }

  private static Value toFloat(Evaluator evaluator, Arguments arguments) {
    return switch (arguments.get("x")) {
      case Value.Constant(String text) -> new Value.Constant(switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
        case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        case "nan" -> Double.NaN;
        default -> parse(text, arguments);
      });
      case Value.Constant(Object number) when PythonNumbers.isNumber(number) -> new Value.Constant(PythonNumbers.toDouble(number));
      case Value.Runtime(Ssa ssa) -> new Value.Runtime(evaluator.session.conversions.convert(ssa, ElementType.F32));
      default -> throw arguments.typeError("x", "a number");
    };
  }

  private static double parse(String text, Arguments arguments) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException malformed) {
      throw arguments.typeError("x", "a number");
    }
  }

  private static Value toInteger(Evaluator evaluator, Arguments arguments) {
    return switch (arguments.get("x")) {
      case Value.Constant(Double number) when Double.isFinite(number) ->
          new Value.Constant(java.math.BigDecimal.valueOf(number).toBigInteger());
      case Value.Constant(Object number) when PythonNumbers.isNumber(number) && !(number instanceof Double) ->
          new Value.Constant(PythonNumbers.toInteger(number));
      case Value.Runtime(Ssa ssa) -> new Value.Runtime(evaluator.session.conversions.convert(ssa, ElementType.I32));
      default -> throw arguments.typeError("x", "a finite number");
    };
  }

  private static Value testType(Evaluator evaluator, Arguments arguments) {
    List<Value> parts = ((Value.Tuple) arguments.get("type")).elements();
    ElementType type = (ElementType) ((Value.Constant) parts.get(0)).value();
    return new Value.Constant(switch ((String) ((Value.Constant) parts.get(1)).value()) {
      case "is_floating" -> type.isFloating();
      case "is_fp8" -> type.isFloat8();
      case "is_fp16" -> type == ElementType.F16;
      case "is_bf16" -> type == ElementType.BF16;
      case "is_fp32" -> type == ElementType.F32;
      case "is_fp64" -> type == ElementType.F64;
      case "is_int" -> type.isInteger();
      case "is_int_signed" -> type.isInteger() && type.isSigned();
      case "is_int_unsigned" -> type.isInteger() && !type.isSigned();
      default -> type == ElementType.BOOL;
    });
  }
}
