// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Holds `bf16` values as the 16 bits they are. Nothing computes in `bf16` any more, but where LLVM only moves it, for
/// example out of a branch, x86 code generation before AVX512-BF16 widens it to `float` and calls a library function
/// to narrow it again, which the host may not have.
///
/// ```mlir
/// %r = scf.if %m -> bf16 { llvm.load %p : !llvm.ptr -> bf16 }
/// // becomes
/// %r = scf.if %m -> i16 { llvm.load %p : !llvm.ptr -> i16 }
/// ```
public final class Bf16AsBitsPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-bf16-as-bits",
      "hold bf16 values as the bits they are",
      Set.of("cpu-host-scalars"),
      Set.of(),
      List.of(new Statistic("values", "values that are integers now")),
      List.of(),
      "builtin.module");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation module, PassContext context) {
    for (Operation function : module.find("func.func")) {
      function.walkPreOrder(operation -> {
        if (operation.is("arith.constant") && operation.result().type().isBf16()) {
          double value = operation.attribute("value").asDouble();
          long bits = (short) (Float.floatToRawIntBits((float) value) >>> 16);
          operation.setAttribute("value", Attributes.integer(bitsOf(operation.result().type()), bits));
        }
        for (Value result : operation.results()) {
          change(result, context);
        }
        for (Region region : operation.regions()) {
          for (Block block : region.blocks()) {
            block.arguments().forEach(argument -> change(argument, context));
          }
        }
      });
      function.walk(operation -> {
        if (operation.is("arith.bitcast") && operation.operand(0).type().equals(operation.result().type())) {
          operation.replaceWith(operation.operand(0));
        }
      });
      signature(function);
    }
  }

  private static void change(Value value, PassContext context) {
    Type type = value.type();
    if (type.isBf16()) {
      value.setType(bitsOf(type));
      context.count("values", 1);
    } else if (type.isMemref() && type.elementOrSelf().isBf16()) {
      long[] shape = Buffers.shape(type).stream().mapToLong(Long::longValue).toArray();
      value.setType(Types.memref(shape, bitsOf(type)));
      context.count("values", 1);
    }
  }

  private static Type bitsOf(Type type) {
    return Types.i(type.context(), 16);
  }

  private static void signature(Operation function) {
    List<Value> parameters = function.region(0).first().arguments();
    List<Type> results = List.of();
    for (Block block : function.region(0).blocks()) {
      Operation end = block.terminator();
      if (end.is("func.return")) {
        results = CodeBuilder.types(end.operands());
      }
    }
    Attribute type = Attributes.type(Types.function(function.context(), CodeBuilder.types(parameters), results));
    function.setAttribute("function_type", type);
  }
}
