// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.scheduler.machine.Machine;

/// Gives each kernel's shared memory a symbol, and `kcc.shared_base` its address.
///
/// ```mlir
/// gpu.func @f() kernel attributes {kcc.shared_bytes = 4096 : i64} { %b = kcc.shared_base : !llvm.ptr<3> ... }
/// ```
/// becomes
/// ```mlir
/// llvm.mlir.global internal @f_shared() {addr_space = 3 : i32, alignment = 1024 : i64} : !llvm.array<4096 x i8>
/// gpu.func @f() ... { %b = llvm.mlir.addressof @f_shared : !llvm.ptr<3> ... }
/// ```
///
/// What fits is declared with its size, so that the machine code states it. More than that has to be asked for at launch: an
/// external array without a size, and the launcher gives the bytes.
public final class PlaceSharedMemoryPass implements KccPass {
  public static final PassInfo INFO = new PassInfo("kcc-place-shared-memory", "a symbol for each kernel's shared memory",
      Set.of("fragments"), Set.of("shared-symbols"), List.of(new Statistic("kernels", "kernels with shared memory")),
      List.of(), "gpu.module");

  /// The widest alignment that anything in shared memory asks for (boxes of tensor copies with the widest swizzle).
  private static final long ALIGNMENT = 1024;
  // LLVM dialect, Linkage.
  private static final String INTERNAL = "#llvm.linkage<internal>";
  private static final String EXTERNAL = "#llvm.linkage<external>";

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    Machine machine = context.get(Machine.class);
    for (Operation function : module.find("gpu.func")) {
      List<Operation> bases = function.find("kcc.shared_base");
      if (!bases.isEmpty()) {
        String symbol = function.attribute("sym_name").asString() + "_shared";
        declare(module, function, symbol, isStatic(machine, sharedBytes(function)));
        bases.forEach(base -> base.replaceWith(LlvmBuilder.before(base).address(symbol, 3)));
        context.count("kernels", 1);
      }
    }
  }

  /// Bytes of shared memory a kernel needs.
  public static long sharedBytes(Operation function) {
    return function.hasAttribute("kcc.shared_bytes") ? function.attribute("kcc.shared_bytes").asLong() : 0;
  }

  /// Whether so many bytes are declared in the kernel rather than asked for at launch.
  public static boolean isStatic(Machine machine, long bytes) {
    return bytes <= machine.isa().sharedMemory().staticBytesPerBlock();
  }

  private static void declare(Operation module, Operation function, String symbol, boolean fixed) {
    MlirContext context = module.context();
    long bytes = fixed ? sharedBytes(function) : 0;
    OpBuilder.atStart(module.region(0).first()).at(function.location()).create("llvm.mlir.global")
        .attribute("sym_name", Attributes.string(context, symbol))
        .attribute("global_type", Attributes.type(context.type("!llvm.array<" + bytes + " x i8>")))
        .attribute("addr_space", Attributes.i32(context, 3))
        .attribute("alignment", Attributes.i64(context, ALIGNMENT))
        .attribute("linkage", context.attribute(fixed ? INTERNAL : EXTERNAL))
        .regions(1).build();
  }
}
