// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.gpu;

import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.InternalException;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.scheduler.machine.FragmentKind;
import kcc.scheduler.machine.Isa;
import kcc.scheduler.machine.MatrixInstruction;

/// The operands of a `kcc.mma`: this lane's registers of A, B and C.
public record MatrixOperands(MatrixInstruction instruction, List<Value> a, List<Value> b, List<Value> c) {

  /// @throws InternalException when the ISA has no such instruction or a fragment has the wrong size: an earlier pass has
  ///     chosen them, not the user
  public static MatrixOperands of(Operation op, Isa isa, FragmentKind kind) {
    String name = op.attribute("instruction").asString();
    MatrixInstruction instruction = isa.matrixInstruction(name);
    if (instruction == null || instruction.kind() != kind) {
      throw wrong(op, isa.name() + " has no matrix instruction '" + name + "' on registers of a warp");
    }
    List<Long> sizes = op.attribute("operandSegmentSizes").asLongs();
    int a = sizes.get(0).intValue();
    int b = sizes.get(1).intValue();
    int c = sizes.get(2).intValue();
    expect(op, "A", a, instruction.m() * instruction.k() / isa.warpSize());
    expect(op, "B", b, instruction.k() * instruction.n() / isa.warpSize());
    expect(op, "C", c, instruction.m() * instruction.n() / isa.warpSize());
    List<Value> operands = op.operands();
    return new MatrixOperands(instruction, operands.subList(0, a), operands.subList(a, a + b), operands.subList(a + b, a + b + c));
  }

  private static void expect(Operation op, String which, int found, int wanted) {
    if (found != wanted) {
      throw wrong(op, "fragment " + which + " of '" + op.attribute("instruction").asString() + "' has " + wanted
          + " elements on each lane, not " + found);
    }
  }

  private static InternalException wrong(Operation op, String text) {
    return new InternalException(Diagnostic.error("KCC4911", op.location().toSource(), text));
  }
}
