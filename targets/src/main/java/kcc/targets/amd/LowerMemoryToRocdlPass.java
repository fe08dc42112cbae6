// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.Keyword;
import kcc.targets.gpu.LlvmBuilder;

/// Conditional accesses to global memory become loads without a branch and stores under one.
///
/// ```mlir
/// %v = kcc.load_vector %p if %m else %o {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
/// ```
/// becomes
/// ```mlir
/// %safe = llvm.mlir.addressof @kcc_zeros : !llvm.ptr<1>
/// %q = llvm.select %m, %p, %safe
/// %r = llvm.load %q {alignment = 16 : i64} : !llvm.ptr<1> -> vector<4xf32>
/// %v = llvm.select %m, %r, %o
/// ```
///
/// Lanes that are off read a few zeros that all waves share, so neighbouring loads stay in flight together; where the
/// value of those lanes is zero or does not matter, the second select is not there either. A buffer descriptor would do
/// the same only for addresses with a uniform base.
///
/// Requires: fragment level. Produces: no `kcc.load_vector`, `kcc.store_vector`.
public final class LowerMemoryToRocdlPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-memory-to-rocdl",
      "conditional loads without branches, conditional stores under one", Set.of("fragments"), Set.of("rocdl-memory"),
      List.of(new Statistic("loads", "loads lowered"), new Statistic("stores", "stores lowered")), List.of(), "gpu.module");

  private static final String ZEROS = "kcc_zeros";
  /// No access is wider than four registers of a lane, whatever is asked for: LLVM splits the rest.
  private static final int ZERO_BYTES = 64;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    boolean zeros = false;
    for (Operation op : module.find("kcc.load_vector")) {
      zeros |= load(op);
      context.count("loads", 1);
    }
    for (Operation op : module.find("kcc.store_vector")) {
      store(op);
      context.count("stores", 1);
    }
    if (zeros) {
      declareZeros(module);
    }
  }

  /// Whether the zeros are read.
  private static boolean load(Operation op) {
    List<Long> segments = op.attribute("operandSegmentSizes").asLongs();
    Value predicate = segments.get(1) == 1 ? op.operand(1) : null;
    Value other = segments.get(2) == 1 ? op.operand(op.operandCount() - 1) : null;
    LlvmBuilder builder = LlvmBuilder.before(op);
    Type type = op.result().type();
    Value address = predicate == null ? op.operand(0)
        : builder.select(predicate, op.operand(0), builder.address(ZEROS, 1));
    Value loaded = hinted(op, builder.builder().create("llvm.load").operand(address)).result(type).value();
    boolean chosen = predicate != null && other != null && !other.isZero();
    op.replaceWith(chosen ? builder.select(predicate, loaded, other) : loaded);
    return predicate != null;
  }

  private static void store(Operation op) {
    Value predicate = op.operandCount() > 2 ? op.operand(2) : null;
    LlvmBuilder.before(op).when(predicate, null, builder -> {
      hinted(op, builder.builder().create("llvm.store").operands(op.operand(0), op.operand(1))).build();
      return null;
    });
    op.erase();
  }

  /// Streaming and evict-first accesses are what AMD calls non-temporal; the other hints mean nothing there.
  private static OpSpec hinted(Operation op, OpSpec access) {
    MlirContext context = op.context();
    access.attribute("alignment", op.attribute("alignment"));
    return switch (Keyword.of(op, "cache", "default")) {
      case "streaming", "evict_first" -> access.attribute("nontemporal", Attributes.unit(context));
      case "volatile" -> access.attribute("volatile_", Attributes.unit(context));
      default -> access;
    };
  }

  private static void declareZeros(Operation module) {
    MlirContext context = module.context();
    Type type = context.type("!llvm.array<" + ZERO_BYTES + " x i8>");
    OpBuilder.atStart(module.region(0).first()).create("llvm.mlir.global")
        .attribute("sym_name", Attributes.string(context, ZEROS)).attribute("global_type", Attributes.type(type))
        .attribute("constant", Attributes.unit(context)).attribute("addr_space", Attributes.i32(context, 1))
        .attribute("alignment", Attributes.i64(context, 16)).attribute("linkage", context.attribute("#llvm.linkage<internal>"))
        .region(region -> {
          OpBuilder inside = OpBuilder.atEnd(region.appendBlock(List.of(), module.location())).at(module.location());
          inside.create("llvm.return").operand(inside.create("llvm.mlir.zero").result(type).value()).build();
        }).build();
  }
}
