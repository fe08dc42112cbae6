// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.amd;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.targets.gpu.LlvmBuilder;

/// Reads the number of blocks from the packet that started the kernel; upstream's lowering calls a device library.
///
/// ```mlir
/// gpu.func @f() kernel attributes {known_block_size = array<i32: 256, 1, 1>} {
///   %n = gpu.grid_dim x
/// ```
/// becomes
/// ```mlir
///   %packet = llvm.call_intrinsic "llvm.amdgcn.dispatch.ptr"() : () -> !llvm.ptr<4>
///   %threads = llvm.load %packet[12] : !llvm.ptr<4> -> i32
///   %n = %threads / 256
/// ```
///
/// `grid_size_x`, `_y` and `_z` of a kernel dispatch packet count threads, and lie at bytes 12, 16 and 20 (HSA Platform
/// System Architecture Specification 1.2, section 2.9.6).
///
/// Requires: fragment level, blocks of known size. Produces: no `gpu.grid_dim`.
public final class LowerGridSizeToRocdlPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-grid-size-to-rocdl",
      "numbers of blocks from the dispatch packet", Set.of("fragments"), Set.of("rocdl-grid-size"),
      List.of(new Statistic("reads", "numbers of blocks that are read")), List.of(), "gpu.module");

  private static final List<String> DIMENSIONS = List.of("x", "y", "z");
  private static final int FIRST_GRID_SIZE = 12;
  private static final int CONSTANT_MEMORY = 4;

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    for (Operation op : module.find("gpu.grid_dim")) {
      switch (analyze(op)) {
        case Analysis.Plan<Read>(Read plan) -> {
          rewrite(op, plan);
          context.count("reads", 1);
        }
        case Analysis.NotApplicable<Read>(String why) -> context.remark(op, why);
        case Analysis.Illegal<Read>(Diagnostic diagnostic) -> context.fail(diagnostic);
      }
    }
  }

  /// @param threads of a block along the dimension
  private record Read(int dimension, long threads) {}

  private static Analysis<Read> analyze(Operation op) {
    Operation kernel = op.ancestor("gpu.func");
    Attribute block = kernel == null ? null : kernel.attribute("known_block_size");
    if (block == null) {
      return new Analysis.Illegal<>(Diagnostic.error("KCC4304", op.location().toSource(),
          "the number of blocks needs a known size of blocks"));
    }
    String text = op.attribute("dimension").toString();
    for (int i = 0; i < DIMENSIONS.size(); i++) {
      if (text.contains("dim " + DIMENSIONS.get(i))) {
        return new Analysis.Plan<>(new Read(i, block.asLongs().get(i)));
      }
    }
    throw new IllegalStateException(text);
  }

  private static void rewrite(Operation op, Read plan) {
    LlvmBuilder llvm = LlvmBuilder.before(op);
    OpBuilder builder = llvm.builder();
    Value packet = llvm.intrinsic("llvm.amdgcn.dispatch.ptr", Types.llvmPointer(op.context(), CONSTANT_MEMORY), List.of());
    Type i32 = llvm.i(Integer.SIZE);
    Value threads = builder.create("llvm.load")
        .operand(llvm.byteOffset(packet, FIRST_GRID_SIZE + plan.dimension() * Integer.BYTES))
        .attribute("alignment", Attributes.i64(op.context(), Integer.BYTES)).attribute("invariant", Attributes.unit(op.context()))
        .result(i32).value();
    Value blocks = builder.create("arith.divui").operands(threads, builder.constant(i32, plan.threads())).result(i32).value();
    op.replaceWith(builder.create("arith.index_cast").operand(blocks).result(op.result().type()).value());
  }
}
