// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Splits a loop over a row into its whole steps and what is left, so that only the last step checks for the row's end.
///
/// ```
/// scf.for %n = %zero to %size step %c1024 { kcc.load_tile %view[%n] ... }            // view of %size elements
/// ```
/// becomes
/// ```
/// %whole = %size - (%size - %zero) % 1024
/// scf.for %n = %zero to %whole step %c1024 { kcc.load_tile %view[%n] ... } {kcc.whole_steps}
/// scf.for %n = %whole to %size step %c1024 { kcc.load_tile %view[%n] ... }           // at most once
/// ```
/// `kcc-narrow-comparisons` and `kcc-expand-views` know that nothing in a whole step lies beyond the end. A loop that sums
/// up exponentials of bf16 spends four of eleven instructions for an element on masks otherwise.
///
/// Requires and produces: tile level. Does not handle loops around loops, steps that are no constants, and loops with
/// matrix products, whose time the masks are no part of.
public final class SplitLoopsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-split-loops", "loops over rows check for the end in the last step only",
      Set.of("tile"), Set.of(), List.of(new Statistic("loops", "loops split")), List.of(), "gpu.func");

  private record Plan(Operation loop) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    List<Plan> plans = new ArrayList<>();
    for (Operation loop : function.find("scf.for")) {
      switch (analyze(loop)) {
        case Analysis.Plan<Plan>(Plan plan) -> plans.add(plan);
        case Analysis.NotApplicable<Plan>(String why) -> context.remark(loop, "the loop is not split: " + why);
        case Analysis.Illegal<Plan>(var diagnostic) -> context.fail(diagnostic);
      }
    }
    for (Plan plan : plans) {
      context.remark(plan.loop(), "only the last step of the loop checks for the end");
      rewrite(plan.loop());
      context.count("loops", 1);
    }
  }

  private static Analysis<Plan> analyze(Operation loop) {
    Long step = Scalars.constant(loop.operand(2));
    if (step == null || step <= 0 || loop.hasAttribute("unsignedCmp")) {
      return new Analysis.NotApplicable<>("its step is no positive constant");
    }
    if (loop.hasAttribute(WholeSteps.MARK) || WholeSteps.isDivisible(loop, step)) {
      return new Analysis.NotApplicable<>("all its steps are whole");
    }
    boolean[] simple = {true};
    boolean[] checks = {false};
    Value counter = loop.region(0).first().argument(0);
    loop.walk(op -> {
      if (!op.equals(loop)) {
        switch (op.name()) {
          case "scf.for", "scf.while", "linalg.matmul", "linalg.batch_matmul", "kcc.acquire", "kcc.get" -> simple[0] = false;
          case "arith.cmpi" -> checks[0] |= isIndexCheck(op, counter, loop.operand(1));
          default -> checks[0] |= ViewAccess.isViewAccess(op) && isViewCheck(op, counter, loop.operand(1), step);
        }
      }
    });
    if (!simple[0]) {
      return new Analysis.NotApplicable<>("it holds loops, products or slots of channels");
    }
    return checks[0] ? new Analysis.Plan<>(new Plan(loop)) : new Analysis.NotApplicable<>("nothing checks for its end");
  }

  /// Whether an access's tile begins at the counter in a dimension that is as long as the loop runs.
  private static boolean isViewCheck(Operation op, Value counter, Value end, long step) {
    ViewAccess access = ViewAccess.of(op);
    if (access == null) {
      return false;
    }
    for (int axis = 0; axis < access.dims().size(); axis++) {
      int d = access.dims().get(axis);
      if (access.offsets().get(d).equals(counter) && access.sizes().get(d).equals(end) && access.shape().get(axis) <= step) {
        return true;
      }
    }
    return false;
  }

  /// Whether indices that begin at the counter are compared with the loop's end.
  private static boolean isIndexCheck(Operation comparison, Value counter, Value end) {
    return isTile(comparison.operand(0).type())
        && (isSplat(comparison.operand(1), end) && beginsAt(comparison.operand(0), counter)
            || isSplat(comparison.operand(0), end) && beginsAt(comparison.operand(1), counter));
  }

  private static boolean beginsAt(Value index, Value counter) {
    Operation sum = index.definingOp();
    return sum != null && sum.is("arith.addi") && (isSplat(sum.operand(0), counter) || isSplat(sum.operand(1), counter));
  }

  private static boolean isSplat(Value tile, Value scalar) {
    Operation op = tile.definingOp();
    return op != null && op.is("tensor.splat") && op.operand(0).equals(scalar);
  }

  private static boolean isTile(Type type) {
    return type.isTensor() && TensorType.of(type).rank() > 0;
  }

  /// The loop itself becomes the one for what is left.
  private static void rewrite(Operation loop) {
    OpBuilder builder = OpBuilder.before(loop).at(loop.location());
    Value end = loop.operand(1);
    Type type = end.type();
    Value range = builder.create("arith.subi").operands(end, loop.operand(0)).result(type).value();
    Value rest = builder.create("arith.remsi").operands(range, loop.operand(2)).result(type).value();
    Value whole = builder.create("arith.subi").operands(end, rest).result(type).value();
    Operation steps = builder.insert(loop.copy());
    steps.setOperand(1, whole);
    steps.setAttribute(WholeSteps.MARK, Attributes.unit(loop.context()));
    loop.setOperand(0, whole);
    for (int i = 0; i < steps.resultCount(); i++) {
      loop.setOperand(3 + i, steps.result(i));
    }
  }
}
