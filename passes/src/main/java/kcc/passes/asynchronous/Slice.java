// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// What has to be computed to know some values.
///
/// @param operations that compute them, and loops around them
/// @param values     results and block arguments
/// @param obstacle   the first operation that a group which computes this alone cannot run, or null
record Slice(Set<Operation> operations, Set<Value> values, Operation obstacle) {
  static final Slice EMPTY = new Slice(Set.of(), Set.of(), null);

  /// Of which no group knows anything but its own: they come from memory, and from each other, element by element.
  private static final Set<String> OF_TILES = Set.of("kcc.arange", "kcc.broadcast", "kcc.reshape", "kcc.load", "kcc.load_tile",
      "kcc.view", "kcc.add_ptr", "kcc.cast_ptr", "linalg.transpose", "tensor.splat", "tensor.empty");

  Slice {
    operations = Set.copyOf(operations);
    values = Set.copyOf(values);
  }

  /// Where loads begin, and how often the loops around them run.
  static Slice ofAddresses(List<CopiedLoad> loads, Operation kernel) {
    Walk walk = new Walk(Slice::isScalarArithmetic);
    for (CopiedLoad load : loads) {
      load.access().offsets().forEach(walk::need);
      walk.needLoopsAround(load.load(), kernel);
    }
    return walk.run();
  }

  /// The factors themselves.
  static Slice ofFactors(List<ComputedFactor> factors, Operation kernel) {
    Walk walk = new Walk(op -> isScalarArithmetic(op) || isOfTiles(op));
    for (ComputedFactor factor : factors) {
      factor.op().results().forEach(walk::need);
      walk.needLoopsAround(factor.op(), kernel);
    }
    return walk.run();
  }

  /// What is left of a kernel without its factors: everything but what they alone are computed from.
  ///
  /// @param computed from what factors are computed
  /// @param factors  the operations that give factors
  static Slice without(Slice computed, Collection<Operation> factors, Operation kernel) {
    Walk walk = new Walk(op -> !factors.contains(op));
    kernel.walkPreOrder(op -> {
      boolean isLoop = op.is("scf.for") && holds(op, factors);
      boolean isEndOfLoop = op.is("scf.yield") && op.parent().is("scf.for") && holds(op.parent(), factors);
      if (isLoop) {
        walk.needLoop(op);
      } else if (!isEndOfLoop && !op.equals(kernel) && !computed.operations.contains(op) && !factors.contains(op)) {
        walk.operations.add(op);
        op.operands().forEach(walk::need);
      }
    });
    return walk.run();
  }

  private static boolean holds(Operation loop, Collection<Operation> factors) {
    boolean[] holds = {false};
    loop.walk(op -> holds[0] |= factors.contains(op));
    return holds[0];
  }

  private static boolean isScalarArithmetic(Operation op) {
    boolean isPure = op.name().startsWith("arith.") || op.is("kcc.program_id") || op.is("kcc.num_programs") || op.is("kcc.block_id");
    return isPure && op.regionCount() == 0 && op.results().stream().allMatch(Specialization::isScalar);
  }

  private static boolean isOfTiles(Operation op) {
    boolean isElementwise = op.name().startsWith("arith.") || op.name().startsWith("math.");
    return OF_TILES.contains(op.name()) || isElementwise && op.regionCount() == 0;
  }

  private static final class Walk {
    private final Predicate<Operation> canRun;
    private final Set<Operation> operations = new HashSet<>();
    private final Set<Value> values = new HashSet<>();
    private final Deque<Value> open = new ArrayDeque<>();
    private Operation obstacle;

    Walk(Predicate<Operation> canRun) {
      this.canRun = canRun;
    }

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

    void needLoopsAround(Operation op, Operation kernel) {
      for (Operation loop = op.parent(); !loop.equals(kernel); loop = loop.parent()) {
        needLoop(loop);
      }
    }

    Slice run() {
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
        } else if (canRun.test(op)) {
          if (operations.add(op)) {
            op.operands().forEach(this::need);
          }
        } else if (obstacle == null) {
          obstacle = op;
        }
      }
      return new Slice(operations, values, obstacle);
    }
  }
}
