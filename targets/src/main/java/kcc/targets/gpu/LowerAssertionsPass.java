// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.Machine;

/// An assertion that does not hold stops the kernel.
///
/// ```mlir
/// kcc.assert %c, "n is positive" : i1
/// ```
/// becomes a branch to a call of `__assertfail`, which the CUDA driver provides and which prints message, file and line, or
/// on AMD GPUs to a trap, whose message is lost: there is no such function.
///
/// Requires: fragment level. Produces: no `kcc.assert`.
public final class LowerAssertionsPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-lower-assertions", "assertions stop the kernel", Set.of("fragments"),
      Set.of("llvm-assertions"), List.of(new Statistic("assertions", "assertions lowered")), List.of(), "gpu.module");

  private static final String FAIL = "__assertfail";

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    boolean calls = context.get(Machine.class).isa().family() == Isa.Family.NVIDIA;
    int index = 0;
    for (Operation op : module.find("kcc.assert")) {
      if (calls && index == 0) {
        declare(module);
      }
      rewrite(op, module, calls, index++);
      context.count("assertions", 1);
    }
  }

  private static void rewrite(Operation op, Operation module, boolean calls, int index) {
    LlvmBuilder builder = LlvmBuilder.before(op);
    Value broken = builder.builder().create("arith.xori").operands(op.operand(0), builder.builder().constant(builder.i(1), 1))
        .result(builder.i(1)).value();
    builder.when(broken, null, inside -> {
      if (calls) {
        SourceLocation place = op.location().toSource();
        String kernel = op.ancestor("gpu.func").attribute("sym_name").asString();
        List<Value> arguments = List.of(
            text(inside, module, "assert_message_" + index, op.attribute("message").asString()),
            text(inside, module, "assert_file_" + index, place == null ? "unknown" : baseName(place.file())),
            inside.constant(32, place == null ? 0 : place.line()),
            text(inside, module, "assert_kernel_" + index, kernel),
            inside.constant(64, 1));
        inside.builder().create("llvm.call").operands(arguments).operandSegments(arguments.size(), 0)
            .attribute("callee", Attributes.symbol(op.context(), FAIL))
            .attribute("op_bundle_sizes", Attributes.denseI32(op.context())).build();
      } else {
        inside.builder().create("llvm.intr.trap").build();
      }
      return null;
    });
    op.erase();
  }

  /// The same file gives the same bytes wherever it lies.
  private static String baseName(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  private static Value text(LlvmBuilder builder, Operation module, String name, String text) {
    MlirContext context = builder.context();
    int length = text.getBytes(StandardCharsets.UTF_8).length + 1;
    OpBuilder.atStart(module.region(0).first()).create("llvm.mlir.global")
        .attribute("sym_name", Attributes.string(context, name))
        .attribute("global_type", Attributes.type(context.type("!llvm.array<" + length + " x i8>")))
        .attribute("constant", Attributes.unit(context)).attribute("addr_space", Attributes.i32(context, 1))
        .attribute("linkage", context.attribute("#llvm.linkage<internal>"))
        .attribute("value", Attributes.string(context, text + "\0")).regions(1).build();
    return builder.builder().create("llvm.addrspacecast").operand(builder.address(name, 1))
        .result(Types.llvmPointer(context, 0)).value();
  }

  private static void declare(Operation module) {
    MlirContext context = module.context();
    Type type = context.type("!llvm.func<void (ptr, ptr, i32, ptr, i64)>");
    OpBuilder.atStart(module.region(0).first()).create("llvm.func")
        .attribute("sym_name", Attributes.string(context, FAIL)).attribute("function_type", Attributes.type(type))
        .attribute("linkage", context.attribute("#llvm.linkage<external>")).regions(1).build();
  }
}
