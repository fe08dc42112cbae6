// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.tile.Scalars;

/// Puts a loop that leaves products under way, and the wait for all of them, into a branch of their own.
///
/// ```mlir
/// %r = scf.for %n = %lo to %hi step %s iter_args(%c = %c0) { ... kcc.async_mma ... }
/// kcc.release %turns[%t]
/// %e = kcc.mma_wait 0 %r
/// ```
/// becomes
/// ```mlir
/// %e = scf.if %lo < %hi {
///   %r = scf.for ... { kcc.async_mma ...  kcc.release %turns[%t] if %hi <= %n + %s }
///   %w = kcc.mma_wait 0 %r
///   scf.yield %w
/// } else { scf.yield %c0 }
/// kcc.release %turns[%t] if %hi <= %lo
/// ```
/// Else the path around the loop meets its end before the wait, and gives the accumulators their first values there: for
/// ptxas that writes to registers of products under way, and it lets all of the loop's run one after the other (C7515).
/// Where another path leads around, ptxas also takes any instruction between loop and wait for one that reads accumulators
/// (C7514, ptxas 13.0), so what is released there is released at the end of the last iteration.
///
/// Requires: fragment level, one kernel for all groups. Produces: the same.
public final class GuardProductLoopsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-guard-product-loops",
      "loops of asynchronous products and the wait behind them in a branch of their own", Set.of("fragments"), Set.of(),
      List.of(new Statistic("loops", "loops put into branches")), List.of(), "gpu.func");

  private static final int FIRST_CARRIED = 3;

  /// @param end      the wait
  /// @param before   arithmetic between loop and wait that does not need the loop
  /// @param releases between loop and wait
  private record Guarded(Operation loop, Operation end, List<Operation> before, List<Operation> releases) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    switch (analyze(function)) {
      case Analysis.Plan<List<Guarded>>(List<Guarded> loops) -> {
        loops.forEach(GuardProductLoopsPass::rewrite);
        context.count("loops", loops.size());
      }
      case Analysis.NotApplicable<List<Guarded>> _ -> { }
      case Analysis.Illegal<List<Guarded>>(var diagnostic) -> context.fail(diagnostic);
    }
  }

  private static Analysis<List<Guarded>> analyze(Operation function) {
    List<Guarded> loops = new ArrayList<>();
    Set<Operation> known = new HashSet<>();
    for (Operation end : function.find("kcc.mma_wait")) {
      if (end.attribute("pending").asInt() == 0 && end.operandCount() > 0) {
        Operation loop = end.operand(0).definingOp();
        if (loop != null && loop.is("scf.for") && loop.block().equals(end.block()) && !loop.find("kcc.async_mma").isEmpty()
            && end.operands().stream().allMatch(value -> loop.equals(value.definingOp())) && known.add(loop)) {
          loops.add(between(loop, end));
        }
      }
    }
    return loops.isEmpty() ? new Analysis.NotApplicable<>("no loop leaves products under way") : new Analysis.Plan<>(loops);
  }

  private static Guarded between(Operation loop, Operation end) {
    List<Operation> before = new ArrayList<>();
    List<Operation> releases = new ArrayList<>();
    Set<Operation> behind = new HashSet<>(Set.of(loop));
    for (Operation op = loop.next(); !op.equals(end); op = op.next()) {
      boolean waits = op.operands().stream().anyMatch(operand -> behind.contains(operand.definingOp()));
      if (!waits && op.name().startsWith("arith.")) {
        before.add(op);
      } else if (!waits && op.is("kcc.release")) {
        releases.add(op);
      } else {
        behind.add(op);
      }
    }
    return new Guarded(loop, end, before, releases);
  }

  private static void rewrite(Guarded guarded) {
    Operation loop = guarded.loop;
    guarded.before.forEach(op -> op.moveBefore(loop));
    OpBuilder builder = OpBuilder.before(loop);
    List<Value> results = loop.results();
    List<Type> types = results.stream().map(Value::type).toList();
    Value runs = Scalars.compare(builder, "slt", loop.operand(0), loop.operand(1));
    Operation branch = builder.create("scf.if").operand(runs).results(types)
        .region(region -> give(region.appendBlock(List.of(), loop.location()), loop, results))
        .region(region -> give(region.appendBlock(List.of(), loop.location()), loop,
            loop.operands().subList(FIRST_CARRIED, FIRST_CARRIED + results.size()))).build();
    Operation yield = branch.region(0).first().terminator();
    for (Value result : results) {
      for (Use use : result.uses()) {
        if (!use.owner().equals(yield) && !use.owner().equals(guarded.end)) {
          use.owner().setOperand(use.operand(), branch.result(result.index()));
        }
      }
    }
    for (int i = 0; i < guarded.end.operandCount(); i++) {
      int carried = guarded.end.operand(i).index();
      guarded.end.result(i).replaceAllUsesWith(branch.result(carried));
      yield.setOperand(carried, guarded.end.result(i));
    }
    loop.moveBefore(yield);
    guarded.end.moveBefore(yield);
    if (!guarded.releases.isEmpty()) {
      release(guarded, branch);
    }
  }

  private static void give(Block block, Operation loop, List<Value> values) {
    OpBuilder.atEnd(block).at(loop.location()).create("scf.yield").operands(values).build();
  }

  private static void release(Guarded guarded, Operation branch) {
    Operation loop = guarded.loop;
    Block body = loop.region(0).first();
    OpBuilder inside = OpBuilder.before(body.terminator()).at(loop.location());
    Value next = inside.create("arith.addi").operands(body.argument(0), loop.operand(2)).result(body.argument(0).type()).value();
    Value isLast = Scalars.compare(inside, "sle", loop.operand(1), next);
    OpBuilder behind = OpBuilder.after(branch).at(loop.location());
    Value isNone = Scalars.compare(behind, "sle", loop.operand(1), loop.operand(0));
    for (Operation release : guarded.releases) {
      release(release, isLast, inside);
      release(release, isNone, behind);
    }
    guarded.releases.forEach(Operation::erase);
  }

  private static void release(Operation release, Value condition, OpBuilder builder) {
    Value both = release.operandCount() == 2 ? condition
        : builder.create("arith.andi").operands(release.operand(2), condition).result(condition.type()).value();
    builder.create("kcc.release").operands(release.operands().subList(0, 2)).operand(both).build();
  }
}
