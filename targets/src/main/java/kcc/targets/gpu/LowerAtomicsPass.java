// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// Atomic updates become `llvm.atomicrmw` and `llvm.cmpxchg`, under a branch where they have a predicate.
///
/// ```mlir
/// %old = kcc.atomic_rmw_element fadd %x, %p if %m {order = #kcc<memory_order relaxed>} : f32, !llvm.ptr<1>
/// ```
/// becomes
/// ```mlir
/// %old = scf.if %m -> (f32) {
///   %v = llvm.atomicrmw fadd %p, %x syncscope("device") monotonic : !llvm.ptr<1>, f32
///   scf.yield %v : f32
/// } else { ... poison ... }
/// ```
///
/// What the hardware has no instruction for, LLVM expands to a loop around compare and swap. LLVM 22 drops the ordering of
/// `atomicrmw` for NVPTX (seen in its PTX: `atom.global.add`, which is relaxed), so there an order is a fence.
///
/// Requires: fragment level. Produces: no `kcc.atomic_*_element`.
public final class LowerAtomicsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-atomics", "atomic updates of one element become LLVM's",
      Set.of("fragments"), Set.of("llvm-atomics"), List.of(new Statistic("atomics", "atomic updates lowered")), List.of(),
      "gpu.func");

  // LLVM dialect, AtomicOrdering.
  private static final int MONOTONIC = 2;
  private static final int ACQUIRE = 4;
  private static final int RELEASE = 5;
  private static final int ACQUIRE_RELEASE = 6;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Isa.Family family = context.get(Machine.class).isa().family();
    for (Operation op : function.find("kcc.atomic_rmw_element")) {
      Value predicate = op.operandCount() > 2 ? op.operand(2) : null;
      rewrite(op, predicate, family, (builder, ordering, scope) -> builder.builder().create("llvm.atomicrmw")
          .operands(op.operand(1), op.operand(0))
          .attribute("bin_op", Attributes.i64(op.context(), AtomicKind.of(Keyword.of(op, "kind", "")).llvm()))
          .attribute("ordering", Attributes.i64(op.context(), ordering)).attribute("syncscope", scope)
          .result(op.result().type()).value());
      context.count("atomics", 1);
    }
    for (Operation op : function.find("kcc.atomic_cas_element")) {
      Value predicate = op.operandCount() > 3 ? op.operand(3) : null;
      rewrite(op, predicate, family, (builder, ordering, scope) -> compareAndSwap(builder, op, ordering, scope));
      context.count("atomics", 1);
    }
  }

  private interface Update {
    Value build(LlvmBuilder builder, int ordering, Attribute scope);
  }

  private static void rewrite(Operation op, Value predicate, Isa.Family family, Update update) {
    MlirContext context = op.context();
    int ordering = ordering(op);
    Attribute scope = Attributes.string(context, scope(op, family));
    boolean byFence = family == Isa.Family.NVIDIA && op.is("kcc.atomic_rmw_element");
    Value old = LlvmBuilder.before(op).when(predicate, op.result().type(), builder -> {
      if (byFence && (ordering == RELEASE || ordering == ACQUIRE_RELEASE)) {
        fence(builder, RELEASE, scope);
      }
      Value result = update.build(builder, byFence ? MONOTONIC : ordering, scope);
      if (byFence && (ordering == ACQUIRE || ordering == ACQUIRE_RELEASE)) {
        fence(builder, ACQUIRE, scope);
      }
      return result;
    });
    op.replaceWith(old);
  }

  private static void fence(LlvmBuilder builder, int ordering, Attribute scope) {
    builder.builder().create("llvm.fence").attribute("ordering", Attributes.i64(builder.context(), ordering))
        .attribute("syncscope", scope).build();
  }

  /// Compares bits, as integers.
  private static Value compareAndSwap(LlvmBuilder builder, Operation op, int ordering, Attribute scope) {
    MlirContext context = op.context();
    Type type = op.result().type();
    Type bits = builder.i(type.bitWidth());
    // A failed exchange writes nothing, so there is nothing to release.
    int failure = ordering == MONOTONIC || ordering == RELEASE ? MONOTONIC : ACQUIRE;
    Value pair = builder.builder().create("llvm.cmpxchg")
        .operands(op.operand(2), builder.bitcast(op.operand(0), bits), builder.bitcast(op.operand(1), bits))
        .attribute("success_ordering", Attributes.i64(context, ordering))
        .attribute("failure_ordering", Attributes.i64(context, failure)).attribute("syncscope", scope)
        .result(context.type("!llvm.struct<(" + bits + ", i1)>")).value();
    Value old = builder.builder().create("llvm.extractvalue").operand(pair)
        .attribute("position", Attributes.denseI64(context, 0)).result(bits).value();
    return builder.bitcast(old, type);
  }

  private static int ordering(Operation op) {
    return switch (Keyword.of(op, "order", "acq_rel")) {
      case "relaxed" -> MONOTONIC;
      case "acquire" -> ACQUIRE;
      case "release" -> RELEASE;
      case "acq_rel" -> ACQUIRE_RELEASE;
      case String unknown -> throw new IllegalStateException("memory order " + unknown);
    };
  }

  /// LLVM's name for the threads of a block, a device, the system.
  private static String scope(Operation op, Isa.Family family) {
    boolean amd = family == Isa.Family.AMD;
    return switch (Keyword.of(op, "scope", "device")) {
      case "block" -> amd ? "workgroup" : "block";
      case "device" -> amd ? "agent" : "device";
      case "system" -> "";
      case String unknown -> throw new IllegalStateException("memory scope " + unknown);
    };
  }
}
