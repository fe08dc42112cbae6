// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.math;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.MathExpansion;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
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
/// | exp2 | special function unit; 0 for results below 2^-126 | 2 (PTX ISA, `ex2.approx`: 2^-22.5 relative), 1 on CDNA |
/// | exp | as above | 3 |
/// | exp that is rounded to 16 bits | exp2(x * log2(e)) | 2^-17, relative |
/// | rsqrt | special function unit | 2 (PTX ISA, `rsqrt.approx`), 1 on CDNA |
/// | x / y | PTX `div.full`; reciprocal and product on CDNA | 2 |
/// | x / y for several x | one reciprocal, two products each | 2 |
/// | 1 / y | PTX `rcp.approx`; reciprocal on CDNA | 1 |
/// | 1 / y that is rounded to 16 bits, y at least 1 | the same; 0 where that is below 2^-126 | 1 |
/// | sqrt | correctly rounded | 0.5 |
/// | erf | x + x P(x^2) below 1, else 1 - 2^Q(x): 18 instructions | 2 |
/// | tanh | x + x P(x^2) below 0.85, else 1 - 2 / (1 + e^2x): 15 instructions | 2 |
/// | powf | exp2(y * log2 x) | grows with the exponent of the result |
/// | erfc, log, log1p, log2, expm1, sin, cos, atan, ... | upstream's polynomials | see MLIR's MathToLLVM tests |
///
/// Results are rounded to 16 bits where all of their uses say so ([Tolerance]): a sigmoid in bf16 takes 5 instructions so and 17 else.
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
          List.of(new Statistic("lowered", "functions replaced"),
              new Statistic("rounded", "functions by fewer instructions, because their results are rounded to 16 bits")),
          List.of(),
          "gpu.func");

  /// Left to polynomials; what they expand to is arithmetic, `math.fma`, `math.floor` and the like.
  private static final Set<String> POLYNOMIALS =
      Set.of(
          "math.erfc", "math.log", "math.log2", "math.log1p", "math.expm1", "math.sin", "math.cos",
          "math.atan", "math.atan2", "math.asin", "math.acos", "math.cbrt");
  private static final Set<String> OURS =
      Set.of("math.exp", "math.exp2", "math.rsqrt", "math.powf", "math.erf", "math.tanh", "arith.divf");

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
    context.count("lowered", functions.size());
    Set<Operation> rounded = rounded(functions);
    context.count("rounded", rounded.size());
    List<Operation> others = SharedDivisors.rewrite(functions, family);
    others.forEach(op -> rewrite(op, rounded.contains(op), family));
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

  /// Exponentials and reciprocals that fewer instructions compute well enough for what becomes of them. Looked for before
  /// anything is replaced, because what a result is used for may be such a function itself.
  private static Set<Operation> rounded(List<Operation> functions) {
    Tolerance tolerance = new Tolerance();
    Set<Operation> rounded = new HashSet<>();
    for (Operation op : functions) {
      boolean canBe = op.is("math.exp")
          || op.is("arith.divf") && ElementaryFunctions.isOne(op.operand(0)) && Tolerance.isAtLeastOne(op.operand(1));
      if (canBe && tolerance.isWide(op.result())) {
        rounded.add(op);
      }
    }
    return rounded;
  }

  private static void rewrite(Operation op, boolean isRounded, Isa.Family family) {
    OpBuilder builder = OpBuilder.before(op).at(op.location());
    ElementaryFunctions functions = new ElementaryFunctions(builder, family);
    Type type = op.result().type();
    List<Value> arguments = new ArrayList<>();
    for (Value operand : op.operands()) {
      arguments.add(functions.widened(operand));
    }
    Value result =
        switch (op.name()) {
          case "math.exp" -> isRounded ? functions.roughExp(arguments.get(0)) : functions.exp(arguments.get(0));
          case "math.exp2" -> functions.exp2(arguments.get(0));
          case "math.rsqrt" -> functions.rsqrt(arguments.get(0));
          case "math.powf" -> functions.pow(arguments.get(0), arguments.get(1));
          case "math.erf" -> functions.erf(arguments.get(0));
          case "math.tanh" -> functions.tanh(arguments.get(0));
          case "arith.divf" -> isRounded ? functions.reciprocalOrZero(arguments.get(1))
              : functions.divide(arguments.get(0), arguments.get(1));
          default -> throw new IllegalStateException(op.name());
        };
    op.result().replaceAllUsesWith(functions.narrowed(result, type));
    op.erase();
  }
}
