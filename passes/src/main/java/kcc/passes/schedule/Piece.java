// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.schedule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Operation;
import kcc.scheduler.machine.NumericType;

/// A part of a loop body that a group starts as a whole: one operation of the scheduler's problem.
sealed interface Piece {
  /// In the order of the text, the innermost loop's own.
  List<Operation> operations();

  default SourceLocation at() {
    return operations().getFirst().location().toSource();
  }

  /// A tile that the copy engine brings.
  record Copy(Operation operation, Buffer into, long bytes) implements Piece {
    @Override
    public List<Operation> operations() {
      return List.of(operation);
    }
  }

  /// A product that the matrix unit computes while the group goes on.
  ///
  /// @param cycles      of the matrix unit
  /// @param sharedBytes that it reads
  /// @param isWaitedFor whether the group does nothing until it is done
  record Product(List<Operation> operations, List<Buffer> factors, NumericType type, double cycles, long flops,
      long sharedBytes, String shape, boolean isWaitedFor) implements Piece {}

  /// What the group's own threads do between two points at which it waits for or tells others, on one unit.
  ///
  /// @param unit null where it is mostly address arithmetic, moves and conversions
  record Work(List<Operation> operations, FunctionalUnit unit, double occupancy, double issue) implements Piece {
    /// The operations that there are most of.
    String label() {
      Map<String, Long> counts = operations.stream().collect(Collectors.groupingBy(
          op -> op.name().substring(op.name().indexOf('.') + 1), LinkedHashMap::new, Collectors.counting()));
      return counts.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(3)
          .map(entry -> entry.getValue() + " " + entry.getKey()).collect(Collectors.joining(", "));
    }
  }

  /// A buffer of a channel's slot.
  ///
  /// @param step which of the positions of an iteration it is
  record Buffer(int channel, int index, long step) {}
}
