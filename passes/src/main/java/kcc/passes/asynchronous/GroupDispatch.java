// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Writes the branches of a kernel in which its warps become groups.
final class GroupDispatch {
  private final JoinGroupsPass.Plan plan;
  private final MlirContext context;
  private final int lanes;
  private final Type i32;
  private final Type i1;
  private Value thread;
  private Value warp;

  private GroupDispatch(JoinGroupsPass.Plan plan, int lanes) {
    this.plan = plan;
    this.context = plan.kernel().context();
    this.lanes = lanes;
    this.i32 = Types.i(context, 32);
    this.i1 = Types.i(context, 1);
  }

  static void write(JoinGroupsPass.Plan plan, int lanes) {
    Operation first = plan.groups().getFirst().start();
    GroupDispatch dispatch = new GroupDispatch(plan, lanes);
    OpBuilder builder = OpBuilder.before(first);
    dispatch.thread = builder.create("arith.index_cast").operand(builder.create("gpu.thread_id")
        .attribute("dimension", dispatch.context.attribute("#gpu<dim x>")).result(Types.index(dispatch.context)).value())
        .result(dispatch.i32).value();
    Value ownWarp = dispatch.binary(builder, "arith.divui", dispatch.thread, lanes);
    // The same in all lanes, which shows only to who reads it from one of them.
    dispatch.warp = builder.create("gpu.shuffle").operands(ownWarp, dispatch.constant(builder, 0), dispatch.constant(builder, lanes))
        .attribute("mode", dispatch.context.attribute("#gpu<shuffle_mode idx>"))
        .result(dispatch.i32).result(dispatch.i1).build().result(0);
    dispatch.branch(plan.groups(), builder);
  }

  private void branch(List<JoinGroupsPass.Group> groups, OpBuilder builder) {
    JoinGroupsPass.Group group = groups.getFirst();
    if (groups.size() == 1) {
      group(group, builder);
      return;
    }
    Value isMember = compare(builder, "ult", warp, constant(builder, group.firstWarp() + group.warps() * group.instances()));
    builder.create("scf.if").operand(isMember)
        .region(region -> inside(region.appendBlock(List.of(), builder.location()), builder, then -> group(group, then)))
        .region(region -> inside(region.appendBlock(List.of(), builder.location()), builder,
            otherwise -> branch(groups.subList(1, groups.size()), otherwise)))
        .build();
  }

  private interface Body {
    void write(OpBuilder builder);
  }

  private static void inside(Block block, OpBuilder around, Body body) {
    OpBuilder builder = OpBuilder.atEnd(block).at(around.location());
    body.write(builder);
    builder.create("scf.yield").build();
  }

  private void onlyIf(OpBuilder builder, Value condition, Body body) {
    builder.create("scf.if").operand(condition)
        .region(region -> inside(region.appendBlock(List.of(), builder.location()), builder, body)).regions(1).build();
  }

  private void group(JoinGroupsPass.Group group, OpBuilder builder) {
    if (group.start().hasAttribute("registers")) {
      builder.create("kcc.set_registers").attribute("registers", group.start().attribute("registers")).build();
    }
    int running = Groups.running(group.function());
    if (running == group.warps()) {
      body(group, builder);
      return;
    }
    // Warps behind those that run have come to complete their warp group.
    Value own = warpInInstance(group, builder);
    onlyIf(builder, compare(builder, "ult", own, constant(builder, running)), then -> {
      if (!Groups.isOneThread(group.function())) {
        body(group, then);
        return;
      }
      onlyIf(then, then.create("kcc.elect").result(i1).value(), one -> body(group, one));
    });
  }

  private Value warpInGroup(JoinGroupsPass.Group group, OpBuilder builder) {
    return group.firstWarp() == 0 ? warp : binary(builder, "arith.subi", warp, group.firstWarp());
  }

  private Value instance(JoinGroupsPass.Group group, OpBuilder builder) {
    return group.instances() == 1 ? null : binary(builder, "arith.divui", warpInGroup(group, builder), group.warps());
  }

  private Value warpInInstance(JoinGroupsPass.Group group, OpBuilder builder) {
    Value inGroup = warpInGroup(group, builder);
    return group.instances() == 1 ? inGroup : binary(builder, "arith.remui", inGroup, group.warps());
  }

  /// The group's code, with its own numbers of threads, barriers and scratch.
  private void body(JoinGroupsPass.Group group, OpBuilder builder) {
    Map<Value, Value> values = new HashMap<>();
    Block old = group.function().region(0).first();
    List<Value> given = group.start().operands();
    for (int i = 0; i < given.size(); i++) {
      values.put(old.argument(i), given.get(i));
    }
    Value instance = instance(group, builder);
    if (instance != null) {
      values.put(old.argument(given.size()), instance);
    }
    List<Operation> adapted = new ArrayList<>();
    for (Operation op : old.operations()) {
      if (!op.is("gpu.return")) {
        MappedCopy.insert(op, values, builder).walkPreOrder(adapted::add);
      }
    }
    adapted.forEach(op -> adapt(op, group, instance));
  }

  private void adapt(Operation op, JoinGroupsPass.Group group, Value instance) {
    switch (op.name()) {
      case "gpu.thread_id" -> {
        OpBuilder builder = OpBuilder.before(op);
        Value own = group.firstWarp() == 0 ? thread : binary(builder, "arith.subi", thread, group.firstWarp() * lanes);
        own = instance == null ? own : binary(builder, "arith.remui", own, group.warps() * lanes);
        op.replaceWith(builder.create("arith.index_cast").operand(own).result(Types.index(context)).value());
      }
      case "gpu.barrier" -> {
        OpBuilder builder = OpBuilder.before(op);
        Value barrier = constant(builder, group.firstBarrier());
        builder.create("kcc.group_barrier")
            .operand(instance == null ? barrier : builder.create("arith.addi").operands(barrier, instance).result(i32).value())
            .attribute("threads", Attributes.i32(context, Groups.running(group.function()) * lanes)).build();
        op.erase();
      }
      case "kcc.warp_group_barrier" -> {
        OpBuilder builder = OpBuilder.before(op);
        Value number = binary(builder, "arith.divui", warpInGroup(group, builder), Groups.WARPS_OF_GROUP);
        builder.create("kcc.group_barrier")
            .operand(binary(builder, "arith.addi", number, group.firstOfWarpGroups()))
            .attribute("threads", Attributes.i32(context, Groups.WARPS_OF_GROUP * lanes)).build();
        op.erase();
      }
      case "kcc.shared_base" -> {
        OpBuilder builder = OpBuilder.after(op);
        Value begin = constant(builder, group.start().attribute(PlanChannelsPass.SCRATCH_OFFSET).asLong());
        if (instance != null) {
          Value behind = binary(builder, "arith.muli", instance, Groups.scratchStride(group.function()));
          begin = builder.create("arith.addi").operands(begin, behind).result(i32).value();
        }
        Operation moved = builder.create("llvm.getelementptr").operands(op.result(), begin)
            .attribute("rawConstantIndices", Attributes.denseI32(context, Integer.MIN_VALUE))
            .attribute("elem_type", Attributes.type(Types.i(context, 8))).result(op.result().type()).build();
        op.result().replaceAllUsesExcept(moved.result(), moved);
      }
      case "kcc.skip_loop" -> skip(op);
      default -> { }
    }
  }

  /// The position and as many more as a loop has iterations, some times over.
  private void skip(Operation op) {
    OpBuilder builder = OpBuilder.before(op);
    Type counted = op.operand(2).type();
    Value length = builder.create("arith.subi").operands(op.operand(3), op.operand(2)).result(counted).value();
    Value some = builder.create("arith.maxsi").operands(length, builder.constant(counted, 0)).result(counted).value();
    Value iterations = builder.create("arith.ceildivsi").operands(some, op.operand(4)).result(counted).value();
    Value count = counted.equals(i32) ? iterations : builder.create("arith.trunci").operand(iterations).result(i32).value();
    Value more = builder.create("arith.muli").operands(count, op.operand(1)).result(i32).value();
    op.replaceWith(builder.create("arith.addi").operands(op.operand(0), more).result(i32).value());
  }

  private Value constant(OpBuilder builder, long value) {
    return builder.constant(i32, value);
  }

  private Value binary(OpBuilder builder, String name, Value left, long right) {
    return builder.create(name).operands(left, constant(builder, right)).result(i32).value();
  }

  private Value compare(OpBuilder builder, String predicate, Value left, Value right) {
    Attribute code = Attributes.integer(Types.i(context, 64), List.of("eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule",
        "ugt", "uge").indexOf(predicate));
    return builder.create("arith.cmpi").operands(left, right).attribute("predicate", code).result(i1).value();
  }
}
