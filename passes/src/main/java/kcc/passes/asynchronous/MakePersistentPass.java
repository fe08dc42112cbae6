// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.placement.Cluster;
import kcc.scheduler.machine.Machine;

/// Lets each block of a kernel with asynchronous products run several programs, one after the other.
///
/// ```
/// gpu.func @f() kernel attributes {kcc.grid = affine_map<()[s0, s1] -> (s0 ceildiv 128, s1 ceildiv 256)>} {
///   %m = kcc.program_id 0   %n = kcc.program_id 1   ... }
/// ```
/// becomes
/// ```
/// gpu.func @f() kernel attributes {kcc.persistent = 1 : i32} {
///   %first = kcc.program_id 0   %blocks = kcc.num_programs 0
///   scf.for %t = %first to %programs step %blocks { %m, %n = places of program %t   ... } }
/// ```
///
/// Such a block fills its unit of the chip: between two programs of different blocks nothing is copied and nothing is
/// multiplied. In one block the copying warps go on with the next program while the last one's results are stored.
/// Programs are taken in an order in which those that run together read the same tiles ([ProgramOrder]).
///
/// Requires: tile level, views. Produces: tile level with `kcc.persistent`. Does not handle: kernels whose launch space the
/// host gives.
public final class MakePersistentPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-make-persistent",
      "blocks with asynchronous products run several programs", Set.of("tile"), Set.of(),
      List.of(new Statistic("kernels", "kernels made persistent")), List.of(), "gpu.func");

  /// On kernels: how many blocks of it each unit holds.
  static final String PERSISTENT = "kcc.persistent";
  private static final String GRID = "kcc.grid";

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation kernel, PassContext context) {
    Machine machine = context.get(Machine.class);
    String obstacle = obstacle(kernel, machine);
    if (obstacle != null) {
      context.remark(kernel, "not persistent: " + obstacle);
      return;
    }
    switch (Specialization.of(kernel, machine)) {
      case Specialization.Answer.Yes(Specialization groups) -> {
        ProgramOrder order = ProgramOrder.of(kernel, groups, machine.chip().units());
        mark(kernel, groups, order);
        rewrite(kernel, order);
        context.count("kernels", 1);
        context.remark(kernel, "one block for each unit runs all programs, %d along the first axis together".formatted(order.group()));
      }
      case Specialization.Answer.No(String why, Operation at) -> context.remark(at, "not persistent: " + why);
    }
  }

  private static String obstacle(Operation kernel, Machine machine) {
    if (!kernel.hasAttribute("gpu.kernel") || kernel.hasAttribute(PERSISTENT) || !kernel.hasAttribute(GRID)) {
      return "its launch space is the host's";
    }
    if (Cluster.sumBlocks(kernel) > 1) {
      return "its blocks meet once, at the end of a program";
    }
    return machine.chip().units() == null ? "the number of units is not known" : null;
  }

  /// Notes on loads which programs read the same tiles, before their places are computed from a number.
  private static void mark(Operation kernel, Specialization groups, ProgramOrder order) {
    kernel.setAttribute(ProgramOrder.GROUP, Attributes.i64(kernel.context(), order.group()));
    for (Specialization.Ring ring : groups.channels()) {
      for (Factor factor : ring.factors()) {
        factor.op().setAttribute(ProgramOrder.AXES, Attributes.denseI64(kernel.context(),
            ProgramOrder.axes(factor).stream().mapToLong(Integer::longValue).toArray()));
      }
    }
  }

  private static void rewrite(Operation kernel, ProgramOrder order) {
    Block entry = kernel.region(0).first();
    Operation end = entry.terminator();
    List<Operation> old = entry.operations().stream().filter(op -> !op.equals(end)).toList();
    Set<Value> outside = new HashSet<>(entry.arguments());
    OpBuilder builder = OpBuilder.before(end).at(kernel.location());
    List<Value> counts = order.writeExtents(kernel, builder);
    Value programs = counts.stream().reduce((a, b) -> ProgramOrder.binary("arith.muli", a, b, builder)).orElseThrow();
    Type i32 = Types.i(kernel.context(), 32);
    Value first = ofLaunch("kcc.program_id", i32, builder);
    Value blocks = ofLaunch("kcc.num_programs", i32, builder);
    Operation loop = builder.create("scf.for").operands(first, programs, blocks).region(region -> {
      Block body = region.appendBlock(List.of(i32), kernel.location());
      OpBuilder.atEnd(body).at(kernel.location()).create("scf.yield").build();
    }).build();
    Operation next = loop.region(0).first().terminator();
    List<Value> places = order.writePlaces(loop.region(0).first().argument(0), counts, OpBuilder.before(next));
    for (Operation op : old) {
      if (staysOutside(op, outside)) {
        outside.addAll(op.results());
      } else {
        op.moveBefore(next);
      }
    }
    for (Operation op : loop.find("kcc.program_id")) {
      op.replaceWith(places.get(op.attribute("axis").asInt()));
    }
    for (Operation op : loop.find("kcc.num_programs")) {
      op.replaceWith(counts.get(op.attribute("axis").asInt()));
    }
    kernel.setAttribute(PERSISTENT, Attributes.i32(kernel.context(), 1));
    kernel.removeAttribute(GRID);
    kernel.removeAttribute("kcc.grid_symbols");
  }

  /// Whether a loop runs the programs of a block, each in an iteration.
  static boolean isLoopOverPrograms(Operation loop, Operation kernel) {
    if (!kernel.hasAttribute(PERSISTENT) || !loop.is("scf.for")) {
      return false;
    }
    Operation first = loop.operand(0).definingOp();
    Operation step = loop.operand(2).definingOp();
    return first != null && first.is("kcc.program_id") && step != null && step.is("kcc.num_programs");
  }

  private static Value ofLaunch(String name, Type i32, OpBuilder builder) {
    return builder.create(name).attribute("axis", Attributes.i32(i32.context(), 0)).result(i32).value();
  }

  /// What is the same for all programs: constants, views, arithmetic of sizes.
  private static boolean staysOutside(Operation op, Set<Value> outside) {
    boolean isPure = op.name().startsWith("arith.") || op.is("kcc.view");
    return isPure && op.regionCount() == 0 && outside.containsAll(op.operands());
  }
}
