// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
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

/// Makes each kernel a function that runs one program of the launch.
///
/// ```mlir
/// gpu.module @m { gpu.func @k(%x: !kcc.ptr<f32>) kernel { %p = kcc.program_id 0 ... gpu.return } }
/// // becomes
/// func.func private @k.program(%x: !kcc.ptr<f32>, %p0: i32, %p1: i32, %p2: i32, %n0: i32, %n1: i32, %n2: i32) -> i32
/// ```
/// The result says which assertion failed, 0 for none.
///
/// Requires the tile level. Does not handle functions that are no kernels: the front end inlines them.
public final class OutlineProgramsPass implements KccPass {
  /// What a program function is called besides its kernel's name.
  static final String SUFFIX = ".program";

  private static final int AXES = 3;

  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-outline-programs",
      "make each kernel a host function that runs one program of the launch",
      Set.of(),
      Set.of("cpu-programs"),
      List.of(new Statistic("kernels", "kernels made functions")),
      List.of(),
      "builtin.module");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    for (Operation gpuModule : module.find("gpu.module")) {
      for (Operation function : gpuModule.region(0).first().operations()) {
        if (!function.is("gpu.func")) {
          continue;
        }
        if (!function.hasAttribute("gpu.kernel") && !function.hasAttribute("kernel")) {
          throw context.fail(Diagnostic.error("KCC4301", function.location().toSource(),
              "function '" + nameOf(function) + "' is no kernel, and the CPU target has no calls"));
        }
        outline(function, gpuModule);
        context.count("kernels", 1);
      }
      gpuModule.erase();
    }
  }

  static String nameOf(Operation function) {
    return function.attribute("sym_name").asString();
  }

  private static void outline(Operation kernel, Operation gpuModule) {
    MlirContext context = kernel.context();
    Type i32 = Types.i(context, 32);
    Block body = kernel.region(0).first();
    List<Type> inputs = new ArrayList<>(CodeBuilder.types(body.arguments()));
    for (int i = 0; i < 2 * AXES; i++) {
      inputs.add(i32);
    }
    Operation program = OpBuilder.before(gpuModule).at(kernel.location()).create("func.func")
        .attribute("sym_name", Attributes.string(context, nameOf(kernel) + SUFFIX))
        .attribute("sym_visibility", Attributes.string(context, "private"))
        .attribute("function_type", Attributes.type(Types.function(context, inputs, List.of(i32))))
        .attribute("llvm.linkage", context.attribute(RuntimeFunctions.INTERNAL))
        .regions(1)
        .build();
    program.region(0).takeBody(kernel.region(0));
    List<Value> place = new ArrayList<>();
    for (int i = 0; i < 2 * AXES; i++) {
      place.add(program.region(0).first().addArgument(i32, kernel.location()));
    }
    program.walk(operation -> {
      switch (operation.name()) {
        case "kcc.program_id" -> operation.replaceWith(place.get(operation.attribute("axis").asInt()));
        case "kcc.num_programs" -> operation.replaceWith(place.get(AXES + operation.attribute("axis").asInt()));
        case "gpu.return" -> {
          OpBuilder end = OpBuilder.before(operation);
          end.create("func.return").operand(end.constant(i32, 0L)).build();
          operation.erase();
        }
        default -> { }
      }
    });
  }
}
