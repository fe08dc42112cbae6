// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Keeps tiles of `i1` as bytes in their buffers: LLVM does not vectorize loops over `i1` in memory.
///
/// ```mlir
/// %m = memref.load %b[%i] : memref<64xi1>
/// // becomes
/// %v = memref.load %b[%i] : memref<64xi8>   %m = arith.cmpi ne, %v, 0
/// ```
/// Requires loops: only buffers, views of them, loads, stores and copies may be left.
public final class BytesForBoolsPass implements KccPass {
  private static final PassInfo INFO = new PassInfo(
      "kcc-cpu-bytes-for-bools",
      "keep tiles of i1 as bytes",
      Set.of("cpu-workspace"),
      Set.of(),
      List.of(new Statistic("buffers", "buffers that hold bytes now")),
      List.of(),
      "func.func");

  @Override
  public PassInfo info() {
    return INFO;
  }

  @Override
  public void run(Operation function, PassContext context) {
    Type i8 = Types.i(function.context(), 8);
    function.walkPreOrder(operation -> {
      for (Value result : operation.results()) {
        if (result.type().isMemref() && result.type().elementOrSelf().isInteger(1)) {
          long[] shape = Buffers.shape(result.type()).stream().mapToLong(Long::longValue).toArray();
          result.setType(Types.memref(shape, i8));
          context.count("buffers", 1);
        }
      }
    });
    function.walk(operation -> {
      boolean load = operation.is("memref.load") && operation.result().type().isInteger(1);
      boolean store = operation.is("memref.store") && operation.operand(0).type().isInteger(1);
      if (load) {
        CodeBuilder code = CodeBuilder.before(operation);
        Value bits = code.load(operation.operand(0), operation.operands().subList(1, operation.operandCount()));
        operation.replaceWith(code.compare(CodeBuilder.Compare.NE, bits, code.zero(i8)));
      } else if (store) {
        operation.setOperand(0, CodeBuilder.before(operation).cast("arith.extui", operation.operand(0), i8));
      }
    });
  }
}
