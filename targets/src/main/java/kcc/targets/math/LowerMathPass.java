// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MathExpansion;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// Turns elementary functions into what GPUs compute without a library of device functions.
///
/// ```
/// %y = math.exp %x : f32
/// ```
/// becomes
/// ```
/// %t = %x * log2(e);  %e = (%x * log2(e) exactly) - %t      // what rounding lost, by two multiply-adds
/// %y = exp2(%t) * (1 + %e * ln 2)
/// ```
///
/// | function | how | error in f32, ulp |
/// |---|---|---|
/// | exp2 | special function unit | 2 (PTX ISA, `ex2.approx`: 2^-22.5 relative), 1 on CDNA |
/// | exp | as above | 3 |
/// | rsqrt | special function unit | 2 (PTX ISA, `rsqrt.approx`), 1 on CDNA |
/// | x / y | PTX `div.full`; reciprocal and product on CDNA | 2 |
/// | sqrt | correctly rounded | 0.5 |
/// | powf | exp2(y * log2 x) | grows with the exponent of the result |
/// | erf, log, log1p, log2, expm1, sin, cos, tanh, atan, ... | upstream's polynomials | see MLIR's MathToLLVM tests |
///
/// f16 and bf16 are computed in f32. In f64 only what hardware has is computed.
///
/// Requires: fragment level. Produces: math that LLVM selects for GPUs.
public final class LowerMathPass implements KccPass {

  public static final PassInfo INFO =
      new PassInfo(
          "kcc-lower-math",
          "elementary functions by hardware approximations and polynomials",
          Set.of("fragments"),
          Set.of("selectable-math"),
          List.of(new Statistic("lowered", "functions replaced")),
          List.of(),
          "gpu.func");

  private static final double LOG2_E = 1.4426950408889634;
  private static final double LN_2 = 0.6931471805599453;
  /// log2(e) minus its nearest f32.
  private static final double LOG2_E_LOW = LOG2_E - (float) LOG2_E;

  /// Left to polynomials; what they expand to is arithmetic, `math.fma`, `math.floor` and the like.
  private static final Set<String> POLYNOMIALS =
      Set.of(
          "math.erf", "math.erfc", "math.log", "math.log2", "math.log1p", "math.expm1", "math.sin", "math.cos",
          "math.tanh", "math.atan", "math.atan2", "math.asin", "math.acos", "math.cbrt");
  private static final Set<String> OURS = Set.of("math.exp", "math.exp2", "math.rsqrt", "math.powf", "arith.divf");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    List<Operation> functions = new ArrayList<>();
    function.walk(
        op -> {
          switch (analyze(op)) {
            case Analysis.Plan<Operation>(Operation plan) -> functions.add(plan);
            case Analysis.NotApplicable<Operation> _ -> {}
            case Analysis.Illegal<Operation>(Diagnostic diagnostic) -> context.fail(diagnostic);
          }
        });
    Isa.Family family = context.get(Machine.class).isa().family();
    for (Operation op : functions) {
      context.count("lowered", 1);
      rewrite(op, family);
    }
    MathExpansion.expand(function, POLYNOMIALS);
  }

  private static Analysis<Operation> analyze(Operation op) {
    String name = op.name();
    boolean ours = OURS.contains(name);
    if (!ours && !POLYNOMIALS.contains(name)) {
      return new Analysis.NotApplicable<>("not an elementary function");
    }
    Type type = op.result().type();
    if (type.bitWidth() == 64) {
      return name.equals("arith.divf")
          ? new Analysis.NotApplicable<>("hardware divides f64")
          : new Analysis.Illegal<>(
              Diagnostic.error("KCC4301", op.location().toSource(),
                      name.substring("math.".length()) + " of f64 is not available on GPUs")
                  .withHelp("convert the argument to f32"));
    }
    return ours ? new Analysis.Plan<>(op) : new Analysis.NotApplicable<>("left to polynomials");
  }

  private static void rewrite(Operation op, Isa.Family family) {
    OpBuilder builder = OpBuilder.before(op).at(op.location());
    Functions functions = new Functions(builder, family);
    Type type = op.result().type();
    List<Value> arguments = new ArrayList<>();
    for (Value operand : op.operands()) {
      arguments.add(functions.widened(operand));
    }
    Value result =
        switch (op.name()) {
          case "math.exp" -> functions.exp(arguments.get(0));
          case "math.exp2" -> functions.exp2(arguments.get(0));
          case "math.rsqrt" -> functions.rsqrt(arguments.get(0));
          case "math.powf" -> functions.pow(arguments.get(0), arguments.get(1));
          case "arith.divf" -> functions.divide(arguments.get(0), arguments.get(1));
          default -> throw new IllegalStateException(op.name());
        };
    op.result().replaceAllUsesWith(functions.narrowed(result, type));
    op.erase();
  }

  /// The replacements, all in f32.
  private static final class Functions {
    private final OpBuilder builder;
    private final Isa.Family family;
    private final Type f32;

    Functions(OpBuilder builder, Isa.Family family) {
      this.builder = builder;
      this.family = family;
      this.f32 = Types.f32(builder.context());
    }

    Value widened(Value value) {
      return value.type().equals(f32) ? value : unary("arith.extf", value, f32);
    }

    Value narrowed(Value value, Type type) {
      return type.equals(f32) ? value : unary("arith.truncf", value, type);
    }

    Value exp2(Value x) {
      return unary("llvm.intr.exp2", x, f32);
    }

    /// exp(x) = 2^t * 2^e with t = x * log2(e) rounded and e what rounding lost. Beyond 2^+-200 the
    /// result is 0 or infinite whatever e is, and for infinite x it is no number.
    Value exp(Value x) {
      Value t = binary("arith.mulf", x, constant((float) LOG2_E));
      Value lost = fma(x, constant((float) LOG2_E), unary("arith.negf", t, f32));
      lost = fma(x, constant((float) LOG2_E_LOW), lost);
      Value small = less(unary("math.absf", t, f32), constant(200));
      Value correction = fma(lost, constant((float) LN_2), constant(1));
      Value factor =
          builder.create("arith.select").operands(small, correction, constant(1)).result(f32).value();
      return binary("arith.mulf", exp2(t), factor);
    }

    Value rsqrt(Value x) {
      return switch (family) {
        case NVIDIA -> intrinsic("llvm.nvvm.rsqrt.approx.f", x);
        case AMD -> intrinsic("llvm.amdgcn.rsq.f32", x);
        case HOST -> binary("arith.divf", constant(1), unary("math.sqrt", x, f32));
      };
    }

    Value divide(Value x, Value y) {
      return switch (family) {
        case NVIDIA -> intrinsic("llvm.nvvm.div.full", x, y);
        case AMD, HOST ->
            builder
                .create("arith.divf")
                .attribute("fastmath", builder.context().attribute("#arith.fastmath<afn>"))
                .operands(x, y)
                .result(f32)
                .value();
      };
    }

    /// |x|^y by exp2(y log2 |x|); signs, zeros and exponents of 0 as in C.
    Value pow(Value x, Value y) {
      Value magnitude =
          exp2(binary("arith.mulf", y, unary("math.log2", unary("math.absf", x, f32), f32)));
      Value zero = constant(0);
      Value one = constant(1);
      Value whole = equal(unary("math.floor", y, f32), y);
      Value half = binary("arith.mulf", y, constant(0.5f));
      Value odd = both(whole, not(equal(unary("math.floor", half, f32), half)));
      Value negative = less(x, zero);
      Value signed = select(both(negative, odd), unary("arith.negf", magnitude, f32), magnitude);
      Value undefined = both(negative, not(whole));
      Value nan = builder.constant(f32, Double.NaN);
      return select(equal(y, zero), one, select(undefined, nan, signed));
    }

    private Value constant(float value) {
      return builder.constant(f32, (double) value);
    }

    private Value fma(Value a, Value b, Value c) {
      return builder.create("math.fma").operands(a, b, c).result(f32).value();
    }

    private Value unary(String name, Value x, Type type) {
      return builder.create(name).operand(x).result(type).value();
    }

    private Value binary(String name, Value x, Value y) {
      return builder.create(name).operands(x, y).result(f32).value();
    }

    private Value select(Value condition, Value x, Value y) {
      return builder.create("arith.select").operands(condition, x, y).result(f32).value();
    }

    private Value both(Value a, Value b) {
      return builder.create("arith.andi").operands(a, b).result(a.type()).value();
    }

    private Value not(Value a) {
      return builder.create("arith.xori").operands(a, builder.constant(a.type(), 1)).result(a.type()).value();
    }

    /// Codes of `arith::CmpFPredicate`: oeq = 1, olt = 4.
    private Value equal(Value x, Value y) {
      return compare(1, x, y);
    }

    private Value less(Value x, Value y) {
      return compare(4, x, y);
    }

    private Value compare(int predicate, Value x, Value y) {
      return builder
          .create("arith.cmpf")
          .attribute("predicate", Attributes.i64(builder.context(), predicate))
          .operands(x, y)
          .result(Types.i(builder.context(), 1))
          .value();
    }

    private Value intrinsic(String name, Value... arguments) {
      return builder
          .create("llvm.call_intrinsic")
          .attribute("intrin", Attributes.string(builder.context(), name))
          .attribute("op_bundle_sizes", Attributes.denseI32(builder.context()))
          .operands(arguments)
          .operandSegments(arguments.length, 0)
          .result(f32)
          .value();
    }
  }
}
