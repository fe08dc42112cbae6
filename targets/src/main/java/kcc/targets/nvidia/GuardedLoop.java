// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// A loop that leaves products under way, and the wait for all of them.
///
/// ```mlir
/// %r = scf.for %n = %lo to %hi step %s iter_args(%c = %c0) { ... kcc.async_mma ... }
/// %e = kcc.mma_wait 0 %r
/// ```
/// becomes
/// ```mlir
/// %e = scf.if %lo < %hi { %r = scf.for ...  %w = kcc.mma_wait 0 %r  scf.yield %w } else { scf.yield %c0 }
/// ```
/// Else the path around the loop meets its end before the wait, and gives the accumulators their first values there: for
/// ptxas that writes to registers of products under way, and it lets all of the loop's run one after the other (C7515).
record GuardedLoop(Operation loop, Operation end) {
  /// `arith.cmpi`, signed less than.
  private static final int LESS = 2;
  private static final int FIRST_CARRIED = 3;

  /// Those of a function.
  static List<GuardedLoop> of(Operation function) {
    List<GuardedLoop> loops = new ArrayList<>();
    Set<Operation> known = new HashSet<>();
    for (Operation end : function.find("kcc.mma_wait")) {
      if (end.attribute("pending").asInt() == 0 && end.operandCount() > 0) {
        Operation loop = end.operand(0).definingOp();
        if (loop != null && loop.is("scf.for") && loop.block().equals(end.block()) && !loop.find("kcc.async_mma").isEmpty()
            && end.operands().stream().allMatch(value -> loop.equals(value.definingOp())) && known.add(loop)) {
          loops.add(new GuardedLoop(loop, end));
        }
      }
    }
    return loops;
  }

  void rewrite() {
    OpBuilder builder = OpBuilder.before(loop);
    List<Value> results = loop.results();
    List<Type> types = results.stream().map(Value::type).toList();
    Value runs = builder.create("arith.cmpi").operands(loop.operand(0), loop.operand(1))
        .attribute("predicate", Attributes.i64(builder.context(), LESS)).result(Types.i(builder.context(), 1)).value();
    Operation branch = builder.create("scf.if").operand(runs).results(types)
        .region(region -> {
          Block block = region.appendBlock(List.of(), loop.location());
          OpBuilder.atEnd(block).at(loop.location()).create("scf.yield").operands(results).build();
        })
        .region(region -> {
          Block block = region.appendBlock(List.of(), loop.location());
          OpBuilder.atEnd(block).at(loop.location()).create("scf.yield")
              .operands(loop.operands().subList(FIRST_CARRIED, FIRST_CARRIED + results.size())).build();
        }).build();
    Operation yield = branch.region(0).first().terminator();
    for (Value result : results) {
      for (Use use : result.uses()) {
        if (!use.owner().equals(yield) && !use.owner().equals(end)) {
          use.owner().setOperand(use.operand(), branch.result(result.index()));
        }
      }
    }
    for (int i = 0; i < end.operandCount(); i++) {
      int carried = end.operand(i).index();
      end.result(i).replaceAllUsesWith(branch.result(carried));
      yield.setOperand(carried, end.result(i));
    }
    loop.moveBefore(yield);
    end.moveBefore(yield);
  }
}
