// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.channel.ChannelType;
import kcc.scheduler.machine.Machine;

/// Plans the shared memory of kernels with channels: how many slots each gets, and where they and the groups' scratch lie.
///
/// ```
/// %c = kcc.channel producers 1 consumers 8 : !kcc.channel<5, [...]>
/// kcc.start @compute(%c) warps 8 : ...                                   // a function with kcc.shared_bytes = 32768
/// ```
/// becomes, where five slots and the scratch are too much,
/// ```
/// %c = kcc.channel producers 1 consumers 8 {kcc.barriers_offset = 229376 : i64, kcc.shared_offset = 0 : i64} : !kcc.channel<4, [...]>
/// kcc.start @compute(%c) warps 8 {kcc.scratch_offset = 196608 : i64} : ...
/// ```
///
/// Requires: fragment level, because only then scratch is known. Produces: channels of their final depth, with offsets, and
/// `kcc.shared_bytes` of the kernel ([MemoryPlan]).
public final class PlanChannelsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-plan-channels",
      "slots of channels and scratch of groups get their places in shared memory", Set.of("fragments"),
      Set.of("channel-memory"), List.of(new Statistic("bytes", "bytes of shared memory of all kernels"),
          new Statistic("slots-given-up", "slots of channels that did not fit into shared memory")), List.of(), "gpu.module");

  /// First byte of the scratch of a group's first instance, on its `kcc.start`.
  static final String SCRATCH_OFFSET = "kcc.scratch_offset";

  private record Plan(List<Operation> channels, List<Operation> starts, MemoryPlan memory) {}

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    Machine machine = context.get(Machine.class);
    for (Operation kernel : module.find("gpu.func")) {
      switch (analyze(module, kernel, machine)) {
        case Analysis.Plan<Plan>(Plan plan) -> {
          int wanted = plan.channels.stream().mapToInt(op -> ChannelType.of(op.result().type()).depth()).sum();
          int left = plan.memory.channels().stream().mapToInt(ChannelType::depth).sum();
          context.count("slots-given-up", wanted - left);
          context.count("bytes", plan.memory.bytes());
          context.remark(kernel, "%d bytes of shared memory; %s".formatted(plan.memory.bytes(), String.join(", ",
              plan.memory.channels().stream().map(ring -> ring.depth() + " slots of " + ring.tileBytes() + " bytes").toList())));
          rewrite(module, kernel, plan);
        }
        case Analysis.NotApplicable<Plan> _ -> { }
        case Analysis.Illegal<Plan>(Diagnostic diagnostic) -> context.fail(diagnostic);
      }
    }
  }

  private static Analysis<Plan> analyze(Operation module, Operation kernel, Machine machine) {
    List<Operation> starts = kernel.find("kcc.start");
    if (starts.isEmpty()) {
      return new Analysis.NotApplicable<>("it starts no groups");
    }
    List<Operation> channels = kernel.find("kcc.channel");
    long limit = machine.isa().sharedMemory().maxBytesPerBlock();
    MemoryPlan memory = MemoryPlan.of(channels.stream().map(op -> ChannelType.of(op.result().type())).toList(),
        starts.stream().map(start -> Groups.scratch(start, Groups.function(module, start))).toList(), limit);
    if (memory.bytes() > limit) {
      return new Analysis.Illegal<>(Diagnostic.error("KCC2403", kernel.location().toSource(), ("kernel '%s' needs %d bytes of "
          + "shared memory for its channels and the scratch of its groups; a block on %s has at most %d").formatted(
              kernel.attribute("sym_name").asString(), memory.bytes(), machine.name(), limit)).withHelp("make its tiles smaller"));
    }
    return new Analysis.Plan<>(new Plan(channels, starts, memory));
  }

  private static void rewrite(Operation module, Operation kernel, Plan plan) {
    plan.memory.write(plan.channels);
    for (int i = 0; i < plan.starts.size(); i++) {
      Operation start = plan.starts.get(i);
      start.setAttribute(SCRATCH_OFFSET, Attributes.i64(kernel.context(), plan.memory.scratch().get(i)));
      Operation function = Groups.function(module, start);
      Block entry = function.region(0).first();
      List<Value> given = start.operands();
      for (int argument = 0; argument < given.size(); argument++) {
        entry.argument(argument).setType(given.get(argument).type());
      }
      function.setAttribute("function_type", Signature.of(function).functionType(kernel.context()));
    }
    kernel.setAttribute("kcc.shared_bytes", Attributes.i64(kernel.context(), plan.memory.bytes()));
  }
}
