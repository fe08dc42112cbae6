// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.placement.Cluster;
import kcc.scheduler.machine.ClusterLimits;
import kcc.scheduler.machine.Machine;

/// Divides a long sum over the blocks of a cluster: few programs use many units of the chip.
///
/// ```
/// gpu.func @f() kernel attributes {kcc.divide_sums = 8 : i32} {
///   %s = scf.for %k = %zero to %n step %c64 iter_args(%acc = %zeros) { ... %d = linalg.matmul ... outs(%acc)   scf.yield %d }
///   %h = arith.truncf %s : tensor<64x128xf32> to tensor<64x128xf16>
///   kcc.store_tile %h, %view[%r, %c] }
/// ```
/// becomes
/// ```
/// gpu.func @f() kernel attributes {kcc.sum_blocks = 8 : i32} {
///   %b = kcc.block_id
///   %s = scf.for %k = %zero + 64 * %b to %n step %c512 ...
///   %p = kcc.reduce_scatter %s : tensor<64x128xf32> -> tensor<8x128xf32>
///   %h = arith.truncf %p : tensor<8x128xf32> to tensor<8x128xf16>
///   kcc.store_tile %h, %view[%r + 8 * %b, %c] }
/// ```
///
/// Blocks take turns with the steps of the loop, so that at any time they read neighbouring parts of the arrays, and each
/// finishes rows of its own ([RowsOfBlock]). The order in which numbers are added depends on the number of blocks alone.
///
/// Which kernels are worth it is known by who chooses their tiles: `kcc.divide_sums` asks for a number of blocks.
///
/// Requires and produces: tile level, views. Does not handle: sums that begin with something else than zero, loops that carry
/// anything but sums, kernels that write memory besides what follows from the sums.
public final class DivideSumsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-divide-sums", "long sums are divided over the blocks of a cluster",
      Set.of("tile"), Set.of(), List.of(new Statistic("sums", "sums divided")), List.of(), "gpu.func");

  /// On kernels: over how many blocks to divide their sums.
  public static final String DIVIDE_SUMS = "kcc.divide_sums";

  /// @param blocks that divide the sums
  /// @param rows   what follows from the sums, for the rows of one block
  private record Plan(Operation loop, int blocks, RowsOfBlock rows) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation kernel, PassContext context) {
    Attribute wanted = kernel.attribute(DIVIDE_SUMS);
    if (wanted == null) {
      return;
    }
    switch (analyze(kernel, wanted.asInt(), context.get(Machine.class))) {
      case Analysis.Plan<Plan>(Plan plan) -> {
        kernel.setAttribute(Cluster.SUM_BLOCKS, Attributes.i32(kernel.context(), plan.blocks));
        context.remark(plan.loop, "%d blocks of a cluster divide the sum".formatted(plan.blocks));
        context.count("sums", plan.loop.resultCount());
        rewrite(plan);
      }
      case Analysis.NotApplicable<Plan>(String why) -> context.remark(kernel, "no sum is divided: " + why);
      case Analysis.Illegal<Plan>(Diagnostic diagnostic) -> context.fail(diagnostic);
    }
    kernel.removeAttribute(DIVIDE_SUMS);
  }

  private static Analysis<Plan> analyze(Operation kernel, int blocks, Machine machine) {
    ClusterLimits clusters = machine.isa().clusters();
    if (clusters == null) {
      return new Analysis.NotApplicable<>(machine.name() + " has no clusters of blocks");
    }
    if (blocks < 2 || Integer.bitCount(blocks) != 1 || blocks > clusters.portableBlocks()) {
      return new Analysis.Illegal<>(Diagnostic.error("KCC2120", kernel.location().toSource(),
          "%s = %d: the blocks of a cluster on %s are a power of two from 2 to %d".formatted(DIVIDE_SUMS, blocks,
              machine.name(), clusters.portableBlocks())));
    }
    List<Operation> sums = new ArrayList<>();
    for (Operation loop : kernel.region(0).first().operations()) {
      if (loop.is("scf.for") && loop.results().stream().anyMatch(result -> result.type().isTensor())) {
        sums.add(loop);
      }
    }
    if (sums.size() != 1) {
      return new Analysis.NotApplicable<>(sums.size() + " loops carry tiles");
    }
    Operation loop = sums.getFirst();
    String why = obstacle(loop, blocks);
    if (why != null) {
      return new Analysis.NotApplicable<>(why);
    }
    RowsOfBlock rows = new RowsOfBlock(loop.results(), blocks);
    why = rows.obstacle();
    return why != null ? new Analysis.NotApplicable<>(why) : new Analysis.Plan<>(new Plan(loop, blocks, rows));
  }

  private static String obstacle(Operation loop, int blocks) {
    for (int i = 0; i < loop.resultCount(); i++) {
      if (!loop.result(i).type().isTensor() || !isSum(loop, i)) {
        return "the loop carries something else than a sum";
      }
      TensorType tile = TensorType.of(loop.result(i).type());
      if (tile.rank() == 0 || tile.shape().getFirst() < blocks) {
        return "a sum of %s has no rows for %d blocks".formatted(tile, blocks);
      }
    }
    return RowsOfBlock.writes(loop) ? "the loop writes to memory" : null;
  }

  /// Whether a carried value begins with zero and is only added to.
  private static boolean isSum(Operation loop, int carried) {
    if (!loop.operand(3 + carried).isZero()) {
      return false;
    }
    Value sum = loop.region(0).first().argument(1 + carried);
    while (sum.hasOneUse()) {
      Use use = sum.uses().getFirst();
      Operation user = use.owner();
      if (user.is("scf.yield")) {
        return user.parent().equals(loop) && use.operand() == carried;
      }
      boolean adds = user.is("linalg.matmul") && use.operand() == 2 || user.is("arith.addf") || user.is("arith.addi");
      if (!adds || !user.block().equals(loop.region(0).first())) {
        return false;
      }
      sum = user.result();
    }
    return false;
  }

  private static void rewrite(Plan plan) {
    Operation loop = plan.loop;
    OpBuilder builder = OpBuilder.before(loop).at(loop.location());
    Value block = builder.create("kcc.block_id").result(Types.i(loop.context(), 32)).value();
    Type index = loop.operand(0).type();
    Value number = Scalars.widened(builder, block, index);
    Value step = loop.operand(2);
    Value skipped = Scalars.multiply(builder, number, step);
    loop.setOperand(0, builder.create("arith.addi").operands(loop.operand(0), skipped).result(index).value());
    loop.setOperand(2, Scalars.multiply(builder, step, plan.blocks));
    plan.rows.write(block, OpBuilder.after(loop).at(loop.location()));
  }
}
