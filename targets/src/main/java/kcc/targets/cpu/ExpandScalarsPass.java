// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Makes every scalar operation one that the host computes correctly for all operands.
///
/// - Arithmetic on `f16`, `bf16` and 8-bit formats is done in `f32` and rounded: for `+ - * /` and the square root
///   this is the correctly rounded result, because `f32` has more than twice the bits (Figueroa, When is double
///   rounding innocuous?, 1995).
/// - Elementary functions are computed in `f64` and rounded once, so results do not depend on the accuracy of the
///   host's single precision functions.
/// - Conversions saturate, division by zero and shifts by too much have results ([IntegerFunctions]).
///
/// ```mlir
/// %r = arith.addf %a, %b : bf16
/// // becomes
/// %r = narrow(arith.addf widen(%a), widen(%b) : f32)
/// ```
public final class ExpandScalarsPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-expand-scalars",
      "make every scalar operation one that the host computes correctly for all operands",
      Set.of("cpu-scalars"),
      Set.of("cpu-host-scalars"),
      List.of(new Statistic("operations", "scalar operations expanded")),
      List.of(),
      "builtin.module");

  /// Operations of `math` that are exact or correctly rounded instructions of their own.
  private static final Set<String> EXACT = Set.of(
      "math.absf", "math.ceil", "math.copysign", "math.floor", "math.round", "math.roundeven", "math.trunc",
      "math.sqrt", "math.isnan", "math.isinf", "math.isfinite", "math.isnormal");

  private static final Set<String> ON_INTEGERS = Set.of(
      "math.absi", "math.ctlz", "math.cttz", "math.ctpop", "math.ipowi");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    RuntimeFunctions runtime = new RuntimeFunctions(module);
    for (Operation function : module.find("func.func")) {
      function.walk(operation -> {
        if (new Expansion(operation, runtime).apply()) {
          context.count("operations", 1);
        }
      });
    }
  }

  /// The work on one operation.
  private static final class Expansion {
    private final Operation operation;
    private final RuntimeFunctions runtime;
    private final CodeBuilder code;
    private final Type f32;
    private final Type f64;

    Expansion(Operation operation, RuntimeFunctions runtime) {
      this.operation = operation;
      this.runtime = runtime;
      this.code = operation.block() == null ? null : CodeBuilder.before(operation);
      this.f32 = Types.f32(operation.context());
      this.f64 = Types.f64(operation.context());
    }

    boolean apply() {
      String name = operation.name();
      return switch (name) {
        case "arith.addf", "arith.subf", "arith.mulf", "arith.divf", "arith.remf", "arith.negf", "arith.cmpf",
            "arith.maximumf", "arith.minimumf", "arith.maxnumf", "arith.minnumf" -> inType(f32);
        case "arith.extf" -> replace(narrowed(widened(operation.operand(0)), operation.result().type()));
        case "arith.truncf" -> replace(narrowed(operation.operand(0), operation.result().type()));
        case "arith.sitofp", "arith.uitofp" -> fromInteger();
        case "arith.fptosi", "arith.fptoui" -> toInteger();
        case "arith.divsi", "arith.divui", "arith.remsi", "arith.remui", "arith.floordivsi", "arith.ceildivsi",
            "arith.ceildivui" -> withIntegers(IntegerFunctions.name(name, typeText()),
                () -> IntegerFunctions.division(name, operation.result().type().bitWidth()));
        case "arith.shli", "arith.shrsi", "arith.shrui" -> withIntegers(IntegerFunctions.name(name, typeText()),
            () -> IntegerFunctions.shift(name, operation.result().type().bitWidth()));
        case "math.fma" -> inType(f64);
        case "math.rsqrt" -> reciprocalRoot();
        case "math.fpowi" -> power();
        default -> name.startsWith("math.") && !ON_INTEGERS.contains(name) && inType(EXACT.contains(name) ? f32 : f64);
      };
    }

    private String typeText() {
      return operation.result().type().toString();
    }

    private boolean replace(Value value) {
      operation.replaceWith(value);
      return true;
    }

    /// Computes in `type` unless the operands have it, or are at least as wide as `f32` and the operation is exact.
    private boolean inType(Type type) {
      Type own = operation.operand(0).type();
      boolean fma = operation.is("math.fma");
      if (own.equals(type) || own.isF64() || fma && own.isF32()) {
        return false;
      }
      if (own.isF32() && type.isF32()) {
        return false;
      }
      var spec = code.create(operation.name());
      for (Value operand : operation.operands()) {
        spec.operand(operand.type().isFloat() ? as(operand, type) : operand);
      }
      operation.attributes().forEach(spec::attribute);
      Type result = operation.result().type();
      Value computed = spec.result(result.isFloat() ? type : result).value();
      return replace(result.isFloat() ? narrowed(computed, result) : computed);
    }

    /// A floating-point value in `f32` or `f64`, which holds it exactly.
    private Value as(Value value, Type type) {
      Value wide = widened(value);
      return wide.type().equals(type) ? wide : code.cast("arith.extf", wide, type);
    }

    private Value widened(Value value) {
      FloatFormat format = FloatFormat.of(value.type());
      return format == null ? value
          : code.call(runtime.get(format.widenName(), format::widenText), f32, value);
    }

    /// An `f32` or `f64` value rounded to `type`, or widened when that is wider.
    private Value narrowed(Value value, Type type) {
      if (value.type().equals(type)) {
        return value;
      }
      FloatFormat format = FloatFormat.of(type);
      if (format == null) {
        return type.isF64() ? code.cast("arith.extf", value, type) : code.cast("arith.truncf", as(value, f64), type);
      }
      if (format == FloatFormat.F16 && value.type().isF32()) {
        return code.cast("arith.truncf", value, type);
      }
      return code.call(runtime.get(format.narrowName(), format::narrowText), type, as(value, f64));
    }

    private boolean fromInteger() {
      Type result = operation.result().type();
      if (FloatFormat.of(result) == null) {
        return false;
      }
      return replace(narrowed(code.cast(operation.name(), operation.operand(0), f64), result));
    }

    private boolean toInteger() {
      boolean signed = operation.is("arith.fptosi");
      int width = operation.result().type().bitWidth();
      String name = IntegerFunctions.name(operation.name(), typeText());
      return replace(code.call(runtime.get(name, () -> IntegerFunctions.fromFloat(signed, width)),
          operation.result().type(), as(operation.operand(0), f64)));
    }

    private boolean withIntegers(String name, Supplier<String> text) {
      Type type = operation.result().type();
      if (!type.isInteger() || type.bitWidth() < 8) {
        return false;
      }
      return replace(code.call(runtime.get(name, text), type, operation.operand(0), operation.operand(1)));
    }

    private boolean reciprocalRoot() {
      Type result = operation.result().type();
      Value root = code.create("math.sqrt").operand(as(operation.operand(0), f64)).result(f64).value();
      Value one = code.create("arith.constant")
          .attribute("value", Attributes.floating(f64, 1.0)).result(f64).value();
      return replace(narrowed(code.binary("arith.divf", one, root), result));
    }

    private boolean power() {
      Value exponent = code.cast("arith.sitofp", operation.operand(1), f64);
      Value power = code.binary("math.powf", as(operation.operand(0), f64), exponent);
      return replace(narrowed(power, operation.result().type()));
    }
  }
}
