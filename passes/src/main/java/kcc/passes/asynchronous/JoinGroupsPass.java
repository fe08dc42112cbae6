// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Machine;

/// Puts the code of groups into the kernel that starts them.
///
/// ```
/// kcc.start @copy(%p, %c) warps 4 registers 24 : ...
/// kcc.start @compute(%p, %c) warps 8 registers 240 : ...
/// ```
/// becomes
/// ```
/// scf.if %warp < 4 { kcc.set_registers 24   scf.if %warp == 0 { scf.if %elected { body of @copy } } }
/// else { kcc.set_registers 240   body of @compute }
/// ```
///
/// Threads of a group are numbered from 0, its barriers become barriers of its own threads, its scratch a part of the
/// block's shared memory. Instances of a group have a barrier and scratch each, and
/// warp groups that meet for themselves a barrier each. The functions of the groups disappear.
///
/// Requires: fragment level, planned channels. Produces: kernels without `kcc.start`.
public final class JoinGroupsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-join-groups", "the code of groups of warps is put into their kernel",
      Set.of("fragments", "channel-memory"), Set.of("joined"), List.of(new Statistic("groups", "groups put into kernels")),
      List.of(), "gpu.module");

  /// A kernel with its groups.
  record Plan(Operation kernel, List<Group> groups) {}

  /// @param firstWarp   number of the group's first warp in the block
  /// @param firstBarrier number of the barrier of its first instance; 0 where it needs none
  /// @param firstOfWarpGroups number of the barrier of the first warp group of its first instance; 0 where it needs none
  record Group(Operation start, Operation function, int firstWarp, int warps, int instances, int firstBarrier,
      int firstOfWarpGroups) {}

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
          context.count("groups", plan.groups.size());
          rewrite(plan, machine);
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
    List<Group> groups = new ArrayList<>();
    int warps = 0;
    int barriers = 1; // barrier 0 is that of the whole block
    for (Operation start : starts) {
      Operation function = Groups.function(module, start);
      int each = Groups.warps(start);
      int instances = Groups.instances(start);
      boolean meets = !function.find("gpu.barrier").isEmpty();
      int ofWarpGroups = barriers + (meets ? instances : 0);
      int meeting = Groups.meetingWarpGroups(start, function);
      groups.add(new Group(start, function, warps, each, instances, meets ? barriers : 0, meeting > 0 ? ofWarpGroups : 0));
      warps += each * instances;
      barriers = ofWarpGroups + meeting * instances;
    }
    int threads = warps * machine.warpSize();
    if (threads > machine.isa().limits().threadsPerBlock()) {
      return illegal("KCC2401", kernel, "starts groups of %d threads; a block on %s has at most %d".formatted(threads,
          machine.name(), machine.isa().limits().threadsPerBlock()));
    }
    if (machine.isa().namedBarriers() == null || barriers > machine.isa().namedBarriers()) {
      return illegal("KCC2402", kernel, "needs " + barriers + " barriers; a block on " + machine.name() + " has "
          + (machine.isa().namedBarriers() == null ? 1 : machine.isa().namedBarriers()));
    }
    return new Analysis.Plan<>(new Plan(kernel, groups));
  }

  private static Analysis<Plan> illegal(String code, Operation kernel, String why) {
    return new Analysis.Illegal<>(Diagnostic.error(code, kernel.location().toSource(),
        "kernel '" + kernel.attribute("sym_name").asString() + "' " + why).withHelp("make its tiles smaller"));
  }

  private static void rewrite(Plan plan, Machine machine) {
    Operation kernel = plan.kernel;
    GroupDispatch.write(plan, machine.warpSize());
    int warps = plan.groups.stream().mapToInt(group -> group.warps * group.instances).sum();
    kernel.setAttribute("kcc.num_warps", Attributes.i32(kernel.context(), warps));
    kernel.setAttribute("known_block_size", Attributes.denseI32(kernel.context(), warps * machine.warpSize(), 1, 1));
    plan.groups.forEach(group -> group.start.erase());
    plan.groups.stream().map(Group::function).distinct().forEach(Operation::erase);
  }
}
