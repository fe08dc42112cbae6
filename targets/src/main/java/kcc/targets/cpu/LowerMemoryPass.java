// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Turns accesses of the user's memory into loops over scalar LLVM loads and stores, and pointers into LLVM's.
///
/// ```mlir
/// %t = kcc.load %p[%o] mask %m : !kcc.ptr<f32>, tensor<64xi64> -> tensor<64xf32>
/// // becomes
/// %b = memref.alloc() : memref<64xf32>
/// scf.for %i = 0 to 64 { %v = scf.if %m[%i] { llvm.load %p[%o[%i]] } else { 0.0 }  memref.store %v, %b[%i] }
/// %t = bufferization.to_tensor %b restrict writable
/// ```
/// A loaded tile is a buffer of its own, filled at the place of the load, so that later stores, which may go to the
/// same memory, cannot move before it.
public final class LowerMemoryPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-lower-memory",
      "turn accesses of the user's memory into loops over scalar loads and stores",
      Set.of("cpu-programs"),
      Set.of("cpu-memory"),
      List.of(new Statistic("accesses", "loads, stores and atomic updates lowered")),
      List.of(),
      "builtin.module");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    RuntimeFunctions runtime = new RuntimeFunctions(module);
    for (Operation function : module.find("func.func")) {
      lower(function, runtime, context);
    }
  }

  private static void lower(Operation function, RuntimeFunctions runtime, PassContext context) {
    plainPointers(function);
    function.walk(operation -> {
      CodeBuilder code = CodeBuilder.before(operation);
      switch (operation.name()) {
        case "kcc.add_ptr" -> operation.replaceWith(code.addressAt(
            operation.operand(0), code.toI64(operation.operand(1)), pointee(operation)));
        case "kcc.cast_ptr" -> operation.replaceWith(operation.operand(0));
        case "kcc.load" -> new OffsetAccess(code, operation).load();
        case "kcc.store" -> new OffsetAccess(code, operation).store();
        case "kcc.atomic_rmw", "kcc.atomic_cas" -> new OffsetAccess(code, operation).update(runtime);
        case "kcc.load_tile" -> new ViewAccess(code, operation, context).load();
        case "kcc.store_tile" -> new ViewAccess(code, operation, context).store();
        case "kcc.atomic_tile" -> new ViewAccess(code, operation, context).update(runtime);
        default -> {
          return;
        }
      }
      context.count("accesses", 1);
    });
    function.walk(operation -> {
      if (operation.is("kcc.view")) {
        operation.erase();
      }
    });
  }

  private static Type pointee(Operation addPointer) {
    return addPointer.attribute(POINTEE).asType();
  }

  /// The element type that `kcc.add_ptr` counts in, kept while its operand changes its type.
  private static final String POINTEE = "kcc.cpu.pointee";

  /// Gives every value of type `!kcc.ptr<T>` the type `!llvm.ptr`; the operations that need `T` find it in their
  /// other types.
  private static void plainPointers(Operation function) {
    MlirContext context = function.context();
    Type plain = Types.llvmPointer(context, 0);
    function.walkPreOrder(operation -> {
      if (operation.is("kcc.add_ptr")) {
        operation.setAttribute(POINTEE, Attributes.type(PointerTypes.pointee(operation.result().type())));
      }
    });
    function.walkPreOrder(operation -> {
      for (Value result : operation.results()) {
        if (PointerTypes.isPointer(result.type())) {
          result.setType(plain);
        }
      }
      for (Region region : operation.regions()) {
        for (Block block : region.blocks()) {
          for (Value argument : block.arguments()) {
            if (PointerTypes.isPointer(argument.type())) {
              argument.setType(plain);
            }
          }
        }
      }
    });
    List<Type> inputs = new ArrayList<>(CodeBuilder.types(function.region(0).first().arguments()));
    function.setAttribute("function_type",
        Attributes.type(Types.function(context, inputs, List.of(Types.i(context, 32)))));
  }
}
