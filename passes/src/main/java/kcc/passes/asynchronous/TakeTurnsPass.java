// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.channel.ChannelType;
import kcc.passes.placement.MatrixTypes;
import kcc.passes.tile.Scalars;
import kcc.scheduler.machine.Machine;

/// Lets two instances of a group that computes take turns: while one multiplies, the other does with its results what
/// follows the products of a program.
///
/// ```
/// kcc.start @compute(..., %ring) warps 8 ...
/// gpu.func @compute(...) {
///   scf.for %t = %first to %programs step %blocks iter_args(%n = 0) {
///     %sum, %m = scf.for %k = ... iter_args(%acc, %p = %n) { kcc.get %ring[%p] ... }
///     store %sum
///     scf.yield %m } }
/// ```
/// becomes
/// ```
/// %turns = kcc.channel producers 1 consumers 4 : !kcc.channel<2, []>
/// kcc.start @compute(..., %ring, %turns) warps 4 instances 2 ...
/// gpu.func @compute(..., %i: i32) {
///   %s = kcc.skip_loop 0 by %i of ...
///   scf.for %t = %first + %i * %blocks to %programs step 2 * %blocks iter_args(%n = %s, %turn = %i) {
///     kcc.acquire %turns[%turn + 1]
///     %sum, %m = scf.for %k = ... iter_args(%acc, %p = %n) { kcc.get %ring[%p] ... }
///     kcc.release %turns[%turn]
///     store %sum
///     %o = kcc.skip_loop %m by 1 of ...
///     scf.yield %o, %turn + 2 } }
/// ```
///
/// Each instance has half of the warps and every other program of the block, alone. Turns are positions of a channel without
/// buffers, with a slot for each instance: the slot after one's own becomes free when the turn before is over. They are
/// needed for more than speed: a wait sees the parity of a phase only, so nobody may wait for slots of a program before the
/// one before it has seen all of its own. (A single slot would not do, for the same reason: a warp that is ahead would
/// take the end of the turn before last for that of the last one.)
///
/// Requires: asynchronous level, `kcc.persistent`. Produces: the same with `instances`. Does not handle: programs with
/// several loops of products, or with loops whose bounds depend on the program; groups of one warp group, which cannot be
/// divided.
public final class TakeTurnsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-take-turns",
      "two instances of a group that computes take turns with a block's programs", Set.of("groups"), Set.of(),
      List.of(new Statistic("groups", "groups divided into instances")), List.of(), "gpu.module");

  /// On kernels whose launches have hardly more programs than the machine has units: nobody would be there to take turns with.
  public static final String FEW_PROGRAMS = "kcc.few_programs";

  private static final int INSTANCES = 2;
  /// What a thread needs besides its sums: addresses, descriptors, and results on their way out.
  private static final int OTHER_REGISTERS = 56;

  /// @param programs the loop over programs of a group's function
  /// @param products the loop in it that takes slots
  private record Plan(Operation kernel, Operation start, Operation function, Operation programs, Operation products) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    Machine machine = context.get(Machine.class);
    for (Operation kernel : module.find("gpu.func")) {
      for (Operation start : kernel.find("kcc.start")) {
        Operation function = Groups.function(module, start);
        if (function.find("kcc.async_matmul").isEmpty()) {
          continue;
        }
        switch (analyze(kernel, start, function, machine)) {
          case Analysis.Plan<Plan>(Plan plan) -> {
            int warps = Groups.warps(start) / INSTANCES;
            rewrite(plan, warps);
            context.count("groups", 1);
            context.remark(kernel, "%d times %d warps take turns with the programs of a block".formatted(INSTANCES, warps));
          }
          case Analysis.NotApplicable<Plan>(String why) -> context.remark(kernel, "warps multiply together: " + why);
          case Analysis.Illegal<Plan>(Diagnostic diagnostic) -> context.fail(diagnostic);
        }
      }
    }
  }

  private static Analysis<Plan> analyze(Operation kernel, Operation start, Operation function, Machine machine) {
    if (kernel.hasAttribute(FEW_PROGRAMS)) {
      return no("a block has hardly more than one program");
    }
    if (Groups.instances(start) > 1) {
      return no("they are several instances already");
    }
    if (Groups.running(function) != INSTANCES * Groups.WARPS_OF_GROUP) {
      return no("there are not " + INSTANCES + " warp groups of them");
    }
    List<Operation> gets = function.find("kcc.get");
    Operation products = gets.getFirst().parent();
    if (!products.is("scf.for") || gets.stream().anyMatch(get -> !get.parent().equals(products))) {
      return no("a program has other than one loop of products");
    }
    if (products.find("kcc.mma_wait").stream().anyMatch(wait -> wait.attribute("pending").asInt() == 0)) {
      return no("a step uses its products, so that one group multiplies while the other does that");
    }
    Operation programs = products.parent();
    if (!programs.is("scf.for") || !programs.parent().equals(function)
        || !MakePersistentPass.isLoopOverPrograms(programs, kernel)) {
      return no("a block runs one program");
    }
    for (Value bound : products.operands().subList(0, 3)) {
      if (!isOutside(bound, programs)) {
        return no("how many products a program has depends on the program");
      }
    }
    for (int i = 0; i < programs.resultCount(); i++) {
      if (positionOf(i, programs, products) == null) {
        return no("something goes from one program to the next");
      }
    }
    long sums = products.find("kcc.async_matmul").stream().mapToLong(TakeTurnsPass::accumulatorWords).sum()
        / (Groups.WARPS_OF_GROUP * machine.warpSize());
    Attribute share = start.attribute("registers");
    int registers = share == null ? machine.isa().registers().maxPerThread() : share.asInt();
    if (sums > registers - OTHER_REGISTERS) {
      return no("the sums of a program take %d registers of each thread of a warp group, which has %d".formatted(sums, registers));
    }
    return new Analysis.Plan<>(new Plan(kernel, start, function, programs, products));
  }

  private static long accumulatorWords(Operation product) {
    return MatrixTypes.rows(product) * MatrixTypes.columns(product)
        * TensorType.of(product.result().type()).element().bitWidth() / Integer.SIZE;
  }

  private static Analysis<Plan> no(String why) {
    return new Analysis.NotApplicable<>(why);
  }

  private static boolean isOutside(Value value, Operation loop) {
    Operation op = value.isBlockArgument() ? value.ownerBlock().parentOp() : value.definingOp();
    return !op.equals(loop) && !op.isInside(loop);
  }

  /// The loop's result that goes on from a value which programs hand each other, where it grows by one in each iteration and
  /// nothing else changes it: a position. Null for others.
  private static Value positionOf(int carried, Operation programs, Operation products) {
    Value handed = programs.region(0).first().argument(1 + carried);
    int inner = products.operands().subList(3, products.operandCount()).indexOf(handed);
    if (inner < 0 || !handed.hasOneUse()
        || !programs.region(0).first().terminator().operand(carried).equals(products.result(inner))) {
      return null;
    }
    Value position = products.region(0).first().argument(1 + inner);
    Operation next = products.region(0).first().terminator().operand(inner).definingOp();
    boolean isCounted = next != null && next.is("arith.addi") && next.operand(0).equals(position)
        && Scalars.isConstant(next.operand(1), 1);
    return isCounted ? products.result(inner) : null;
  }

  private static void rewrite(Plan plan, int warps) {
    MlirContext context = plan.kernel.context();
    Type i32 = Types.i(context, 32);
    for (Operation channel : plan.kernel.find("kcc.channel")) {
      channel.setAttribute("consumers", Attributes.i32(context, warps));
    }
    Block entry = plan.function.region(0).first();
    Signature signature = Signature.of(plan.function);
    ChannelType type = new ChannelType(INSTANCES, List.of());
    Value turns = OpBuilder.before(firstStart(plan.kernel)).at(plan.start.location()).create("kcc.channel")
        .attribute("producers", Attributes.i32(context, 1)).attribute("consumers", Attributes.i32(context, warps))
        .result(type.type(context)).value();
    signature = signature.with(type.type(context), Attributes.dictionary(context, Map.of()))
        .with(i32, Attributes.dictionary(context, Map.of()));
    Value own = entry.addArgument(type.type(context), plan.function.location());
    Value instance = entry.addArgument(i32, plan.function.location());
    plan.function.setAttribute("function_type", signature.functionType(context));
    plan.function.setAttribute("arg_attrs", signature.argumentAttributes(context));
    plan.function.setAttribute("kcc.num_warps", Attributes.i32(context, warps));
    shareScratch(plan.function);
    restart(plan.start, turns, warps);
    divide(plan, own, instance);
  }

  private static Operation firstStart(Operation kernel) {
    return kernel.find("kcc.start").getFirst();
  }

  private static void shareScratch(Operation function) {
    long bytes = function.attribute(SpecializeWarpsPass.SCRATCH_LIMIT).asLong() / INSTANCES;
    function.setAttribute(SpecializeWarpsPass.SCRATCH_LIMIT, Attributes.i64(function.context(),
        bytes / MemoryPlan.SCRATCH_ALIGNMENT * MemoryPlan.SCRATCH_ALIGNMENT));
  }

  private static void restart(Operation start, Value turns, int warps) {
    MlirContext context = start.context();
    OpSpec again = OpBuilder.before(start).at(start.location()).create("kcc.start").operands(start.operands()).operand(turns);
    start.attributes().forEach(again::attribute);
    again.attribute("warps", Attributes.i32(context, warps)).attribute("instances", Attributes.i32(context, INSTANCES)).build();
    start.erase();
  }

  /// Every other program for each instance, and the turns around its products.
  private static void divide(Plan plan, Value turns, Value instance) {
    Operation programs = plan.programs;
    Operation products = plan.products;
    Block body = programs.region(0).first();
    OpBuilder before = OpBuilder.before(programs).at(programs.location());
    Type counted = programs.operand(0).type();
    Value ahead = ProgramOrder.binary("arith.muli", instance, programs.operand(2), before);
    Value first = ProgramOrder.binary("arith.addi", programs.operand(0), ahead, before);
    Value step = ProgramOrder.binary("arith.muli", programs.operand(2), before.constant(counted, INSTANCES), before);
    List<Value> inits = new ArrayList<>();
    for (Value init : programs.operands().subList(3, programs.operandCount())) {
      inits.add(skip(before, init, instance, products));
    }
    inits.add(instance);
    Value turn = body.addArgument(instance.type(), programs.location());
    OpBuilder begin = OpBuilder.before(products).at(products.location());
    Value nextTurn = ProgramOrder.binary("arith.addi", turn, begin.constant(turn.type(), 1), begin);
    begin.create("kcc.acquire").operands(turns, nextTurn).build();
    OpBuilder.after(products).at(products.location()).create("kcc.release").operands(turns, turn).build();

    Operation yield = body.terminator();
    OpBuilder end = OpBuilder.before(yield).at(products.location());
    List<Value> next = new ArrayList<>();
    for (Value position : yield.operands()) {
      next.add(skip(end, position, end.constant(instance.type(), INSTANCES - 1), products));
    }
    next.add(ProgramOrder.binary("arith.addi", turn, end.constant(turn.type(), INSTANCES), end));
    yield.setOperands(next);
    OpSpec spec = before.create("scf.for").operands(first, programs.operand(1), step).operands(inits)
        .results(inits.stream().map(Value::type).toList());
    spec.region(region -> {
      Block into = region.appendBlock(body.arguments().stream().map(Value::type).toList(), programs.location());
      for (Value argument : body.arguments()) {
        argument.replaceAllUsesWith(into.argument(argument.index()));
      }
      for (Operation op : body.operations()) {
        op.detach();
        into.append(op);
      }
    }).build();
    programs.erase();
  }

  private static Value skip(OpBuilder builder, Value position, Value times, Operation loop) {
    return builder.create("kcc.skip_loop").operands(position, times).operands(loop.operands().subList(0, 3))
        .result(position.type()).value();
  }
}
