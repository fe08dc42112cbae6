// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// What has to be computed to know where tiles are loaded from: the offsets of all loads, the bounds of the loops around
/// them, and everything these follow from.
///
/// @param operations that compute such values, and loops around loads
/// @param values     results and block arguments
/// @param obstacle   why warps that only copy cannot compute this, or null
record AddressSlice(Set<Operation> operations, Set<Value> values, Specialization.Answer.No obstacle) {
  AddressSlice {
    operations = Set.copyOf(operations);
    values = Set.copyOf(values);
  }

  static AddressSlice of(List<CopiedLoad> loads, Operation kernel) {
    Walk walk = new Walk();
    for (CopiedLoad load : loads) {
      load.access().offsets().forEach(walk::need);
      for (Operation loop = load.load().parent(); !loop.equals(kernel); loop = loop.parent()) {
        walk.needLoop(loop);
      }
    }
    walk.run();
    return new AddressSlice(walk.operations, walk.values, walk.obstacle);
  }

  private static final class Walk {
    private final Set<Operation> operations = new HashSet<>();
    private final Set<Value> values = new HashSet<>();
    private final Deque<Value> open = new ArrayDeque<>();
    private Specialization.Answer.No obstacle;

    void need(Value value) {
      if (values.add(value)) {
        open.add(value);
      }
    }

    void needLoop(Operation loop) {
      if (operations.add(loop)) {
        loop.operands().subList(0, 3).forEach(this::need);
      }
    }

    void run() {
      while (!open.isEmpty()) {
        Value value = open.remove();
        Operation op = value.isBlockArgument() ? value.ownerBlock().parentOp() : value.definingOp();
        if (op.is("gpu.func")) {
          continue;
        }
        if (op.is("scf.for")) {
          needLoop(op);
          int carried = value.isBlockArgument() ? value.index() - 1 : value.index();
          if (carried >= 0) {
            need(op.operand(3 + carried));
            need(op.region(0).first().argument(1 + carried));
            need(op.region(0).first().terminator().operand(carried));
          }
        } else if (isScalarArithmetic(op)) {
          operations.add(op);
          op.operands().forEach(this::need);
        } else if (obstacle == null) {
          obstacle = new Specialization.Answer.No("where a factor is loaded follows from '" + op.name() + "'", op);
        }
      }
    }

    private static boolean isScalarArithmetic(Operation op) {
      boolean isPure = op.name().startsWith("arith.") || op.is("kcc.program_id") || op.is("kcc.num_programs") || op.is("kcc.block_id");
      return isPure && op.regionCount() == 0 && op.results().stream().allMatch(Specialization::isScalar);
    }
  }
}
