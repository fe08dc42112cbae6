// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.RegisterFile;
import kcc.targets.gpu.BoundRegistersPass;
import kcc.targets.gpu.LlvmBuilder;

/// What groups of warps do among themselves becomes LLVM's intrinsics for PTX.
///
/// ```mlir
/// kcc.group_barrier %id threads 128        // barrier.cta.sync.aligned
/// kcc.set_registers 240                    // setmaxnreg.inc or .dec
/// %one = kcc.elect                         // elect.sync
/// ```
/// Threads begin with an even share of a block's registers, so larger numbers are increases and smaller ones decreases. That
/// holds only where ptxas compiles for a single block of a known size at a time; otherwise it ignores the instruction
/// (C7508). Hence `kcc.min_blocks = 1` on the function.
///
/// Requires: fragment level. Produces: no operations on groups of warps.
public final class LowerGroupsToNvvmPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-groups-to-nvvm",
      "barriers, registers and elections of groups of warps as NVVM intrinsics", Set.of("fragments"), Set.of("nvvm-groups"),
      List.of(new Statistic("barriers", "waits for a group's threads"),
          new Statistic("set-registers", "changes of a group's registers")),
      List.of(), "gpu.func");

  /// PTX ISA, setmaxnreg: 24 to 256, multiples of 8.
  private static final int FEWEST_REGISTERS = 24;
  private static final int MOST_REGISTERS = 256;
  private static final int REGISTER_STEP = 8;
  private static final int ALL_LANES = -1;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Machine machine = context.get(Machine.class);
    switch (analyze(function, machine.isa().registers())) {
      case Analysis.Plan(Integer registers) -> changeRegisters(function, registers, context);
      case Analysis.NotApplicable<Integer> _ -> { }
      case Analysis.Illegal(Diagnostic diagnostic) -> context.fail(diagnostic);
    }
    for (Operation op : function.find("kcc.group_barrier")) {
      LlvmBuilder builder = LlvmBuilder.before(op);
      builder.intrinsic("llvm.nvvm.barrier.cta.sync.aligned.count", List.of(),
          List.of(op.operand(0), builder.constant(32, op.attribute("threads").asInt())));
      op.erase();
      context.count("barriers", 1);
    }
    for (Operation op : function.find("kcc.elect")) {
      LlvmBuilder builder = LlvmBuilder.before(op);
      List<Type> results = List.of(builder.i(32), builder.i(1));
      op.replaceWith(builder.intrinsic("llvm.nvvm.elect.sync", results, List.of(builder.constant(32, ALL_LANES))).getLast());
    }
  }

  /// How many registers a thread begins with, where that changes.
  private static Analysis<Integer> analyze(Operation function, RegisterFile file) {
    List<Operation> outside = function.find("kcc.warp_group_barrier");
    if (!outside.isEmpty()) {
      return new Analysis.Illegal<>(Diagnostic.error("KCC4351", outside.getFirst().location().toSource(),
          "a barrier of a warp group outside of a group has no number").withHelp("run kcc-join-groups before"));
    }
    List<Operation> changes = function.find("kcc.set_registers");
    if (changes.isEmpty()) {
      return new Analysis.NotApplicable<>("no group changes its registers");
    }
    for (Operation op : changes) {
      int wanted = op.attribute("registers").asInt();
      if (wanted < FEWEST_REGISTERS || wanted > MOST_REGISTERS || wanted % REGISTER_STEP != 0) {
        return new Analysis.Illegal<>(Diagnostic.error("KCC4351", op.location().toSource(), "a thread cannot have " + wanted
            + " registers; the numbers are multiples of " + REGISTER_STEP + " from " + FEWEST_REGISTERS + " to "
            + MOST_REGISTERS));
      }
    }
    if (!function.hasAttribute("known_block_size")) {
      return new Analysis.Illegal<>(Diagnostic.error("KCC4351", function.location().toSource(),
          "registers are changed in a kernel whose block size is not known, so what threads begin with is not, either"));
    }
    int threads = (int) function.attribute("known_block_size").asLongs().stream().reduce(1L, (x, y) -> x * y).longValue();
    return new Analysis.Plan<>(file.allocated(file.perThread(threads)));
  }

  private static void changeRegisters(Operation function, int begin, PassContext context) {
    for (Operation op : function.find("kcc.set_registers")) {
      int wanted = op.attribute("registers").asInt();
      if (wanted != begin) {
        LlvmBuilder builder = LlvmBuilder.before(op);
        builder.intrinsic("llvm.nvvm.setmaxnreg." + (wanted > begin ? "inc" : "dec") + ".sync.aligned.u32", List.of(),
            List.of(builder.constant(32, wanted)));
        context.count("set-registers", 1);
      }
      op.erase();
    }
    function.setAttribute(BoundRegistersPass.MIN_BLOCKS, Attributes.i32(function.context(), 1));
  }
}
