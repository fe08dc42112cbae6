// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.LlvmBuilder;

/// Loads that stand together are issued together: ptxas may not use what the first has brought before the last is on its way.
///
/// ```
/// %a = llvm.load %p                          // eight times 16 bytes
/// ...
/// %h = llvm.load %q
/// llvm.inline_asm "@$0 trap;" %never         // behind the last: a branch that is never taken
/// ```
///
/// Elements of 16 bits take twice the registers when they are widened. To keep these few, ptxas widens what two loads brought
/// before it issues the next two, and memory waits: softmax of rows of 16368 bf16 had 32 bytes of each thread in flight, not
/// 128, and reached 0.53 of a copy's bandwidth on one H200. ptxas moves loads and arithmetic across a warp's barrier, but not
/// across a branch whose condition it does not know. The upper bits of the grid's second dimension are such conditions: they
/// are zero, because that is at most 65535 (CUDA programming guide, technical specifications). Each group takes another bit,
/// because behind the first branch ptxas knows its condition.
///
/// Requires: fragment level. Does not handle: loads with something between them that uses the first or that touches memory,
/// fewer than four of them, shared memory.
public final class IssueLoadsFirstPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-issue-loads-first",
      "loads that stand together are issued before the first of them is used", Set.of("fragments"), Set.of(),
      List.of(new Statistic("groups", "groups of loads issued together")), List.of(), "gpu.func");

  /// Fewer ptxas keeps together.
  private static final int LEAST_LOADS = 4;
  private static final int GLOBAL = 1;
  private static final int WORD = 32;
  /// Bits of the grid's second dimension.
  private static final int GRID_BITS = 16;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    List<Operation> ends = new ArrayList<>();
    inRegion(function.region(0), ends);
    int groups = Math.min(ends.size(), WORD - GRID_BITS);
    for (int group = 0; group < groups; group++) {
      holdBack(ends.get(group), WORD - 1 - group);
    }
    context.count("groups", groups);
  }

  /// The last loads of all groups.
  private static void inRegion(Region region, List<Operation> ends) {
    for (Block block : region.blocks()) {
      inBlock(block, ends);
    }
  }

  private static void inBlock(Block block, List<Operation> ends) {
    int loads = 0;
    Operation last = null;
    Set<Value> loaded = new HashSet<>();
    for (Operation op : block.operations()) {
      boolean waits = op.operands().stream().anyMatch(loaded::contains);
      if (!waits && isLoad(op)) {
        loads++;
        last = op;
        loaded.add(op.result());
      } else if (waits || !isArithmetic(op)) {
        if (loads >= LEAST_LOADS) {
          ends.add(last);
        }
        loads = 0;
        loaded.clear();
        op.regions().forEach(inner -> inRegion(inner, ends));
      }
    }
  }

  private static void holdBack(Operation last, int bit) {
    LlvmBuilder builder = LlvmBuilder.before(last.next());
    Value zero = builder.inlineAssembly("mov.u32 $0, %nctaid.y; and.b32 $0, $0, " + (1L << bit) + ";", "=r",
        List.of(builder.i(WORD)), List.of()).getFirst();
    Value never = builder.builder().create("llvm.icmp").operands(zero, builder.constant(WORD, 0))
        .attribute("predicate", Attributes.i64(builder.context(), 1)).result(builder.i(1)).value();
    builder.inlineAssembly("@$0 trap;", "b", List.of(), List.of(never));
  }

  private static boolean isLoad(Operation op) {
    return (op.is("kcc.load_vector") || op.is("llvm.load"))
        && op.operand(0).type().equals(Types.llvmPointer(op.context(), GLOBAL));
  }

  /// Addresses and masks of the loads that follow.
  private static boolean isArithmetic(Operation op) {
    return op.regionCount() == 0 && (op.name().startsWith("arith.") || op.is("llvm.getelementptr") || op.is("llvm.ptrtoint") || op.is("llvm.mlir.poison")
        || op.is("llvm.mlir.constant"));
  }
}
