// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.AxisFacts;
import kcc.passes.layout.MachineLayouts;
import kcc.scheduler.machine.Machine;

/// Finds whole rows that begin anywhere, in tiles with room for the elements before them. Several rows of a tile have to begin
/// equally far from a multiple of a vector.
final class ShiftedRows {
  private static final int VECTOR_BYTES = MachineLayouts.WIDEST_ACCESS_BYTES;
  private final AxisAnalysis integers;
  private final Machine machine;
  private final RaggedRows ragged;
  private final Set<Operation> spaced;

  ShiftedRows(AxisAnalysis integers, Machine machine) {
    this(integers, machine, Set.of());
  }

  /// @param spaced accesses whose rows are taken to begin equally far from a multiple of a vector
  ShiftedRows(AxisAnalysis integers, Machine machine, Set<Operation> spaced) {
    this.integers = integers;
    this.machine = machine;
    this.ragged = new RaggedRows(integers, machine);
    this.spaced = spaced;
  }

  /// Tiles whose columns are rotated together.
  ///
  /// @param columns what has them in common
  /// @param row     one of the rows: all of them begin as far behind a multiple of a vector
  /// @param rows    accesses to whole rows that begin as far from a multiple of a vector as each other
  /// @param others  loads of as many columns that begin elsewhere, such as weights
  /// @param vector  elements of the widest access to the smallest elements
  record Plan(RotatedColumns columns, ViewAccess row, List<ViewAccess> rows, List<ViewAccess> others, int vector) {}

  /// @param op a `kcc.load_tile` or `kcc.store_tile`
  Analysis<Plan> analyze(Operation op) {
    ViewAccess row = ViewAccess.of(op);
    if (row == null) {
      return not("the view is chosen at run time");
    }
    if (row.shape().isEmpty()) {
      return not("one element is read or written");
    }
    String why = whyNoRow(row);
    if (why != null) {
      return not(why);
    }
    if (ragged.isAligned(row)) {
      return not("rows begin at multiples of " + VECTOR_BYTES + " bytes");
    }
    if (integers.facts(row.base()).divisor() < VECTOR_BYTES) {
      return not("the array does not begin at a multiple of " + VECTOR_BYTES + " bytes");
    }
    long bytes = bytes(row);
    long elements = row.shape().stream().reduce(1L, (left, right) -> left * right);
    if (elements * bytes < (long) machine.warpSize() * VECTOR_BYTES || bytes >= VECTOR_BYTES) {
      return not("the tile has fewer than the %d bytes that a warp moves at once".formatted(machine.warpSize() * VECTOR_BYTES));
    }
    return together(op, row);
  }

  private Analysis<Plan> together(Operation op, ViewAccess row) {
    RotatedColumns columns = RotatedColumns.around(op);
    if (columns.obstacle() != null) {
      return not(columns.obstacle());
    }
    List<ViewAccess> rows = new ArrayList<>();
    List<ViewAccess> others = new ArrayList<>();
    long least = VECTOR_BYTES;
    List<Operation> all = new ArrayList<>(columns.loads());
    all.addAll(columns.stores());
    for (Operation each : all) {
      ViewAccess access = ViewAccess.of(each);
      String why = access == null ? "a view is chosen at run time" : whyNoRow(access);
      if (why != null) {
        return not(why);
      }
      boolean isRow = beginsAs(access, row) && integers.facts(access.base()).divisor() >= VECTOR_BYTES;
      if (!isRow && each.is("kcc.store_tile")) {
        return not("what is written begins elsewhere than what is read");
      }
      if (!isRow && access.shape().stream().filter(length -> length > 1).count() > 1) {
        return not("rows of one tile begin elsewhere than those of another");
      }
      (isRow ? rows : others).add(access);
      least = Math.min(least, bytes(access));
    }
    int vector = Math.toIntExact(VECTOR_BYTES / least);
    for (ViewAccess access : rows) {
      if (!hasRoom(access, vector)) {
        return not(whyNoRoom(access, vector));
      }
    }
    for (ViewAccess access : others) {
      if (!hasRoom(access, vector)) {
        return not(whyNoRoom(access, vector));
      }
    }
    Operation first = columns.first();
    for (List<Value> needed : List.of(row.offsets(), row.strides(), row.sizes())) {
      for (Value value : needed) {
        if (!isKnownBefore(value, first)) {
          return not("where the rows begin is computed behind the first use of their columns");
        }
      }
    }
    return new Analysis.Plan<>(new Plan(columns, row, rows, others, vector));
  }

  /// Why an access is not to one whole row, or null if it is.
  private String whyNoRow(ViewAccess access) {
    int last = access.dims().getLast();
    if (last != access.rank() - 1 || !Scalars.isConstant(access.strides().get(last), 1)) {
      return "the last dimension of the tile is not the one whose elements lie side by side";
    }
    if (!Scalars.isConstant(access.offsets().get(last), 0)) {
      return "a tile does not begin at column 0";
    }
    int several = 0;
    for (int axis = 0; axis < access.shape().size() - 1; axis++) {
      if (access.shape().get(axis) > 1) {
        several++;
        long stride = integers.facts(access.strides().get(access.dims().get(axis))).divisor();
        if (stride < VECTOR_BYTES / Math.min(VECTOR_BYTES, bytes(access)) && !spaced.contains(access.op())) {
          return "rows of one tile may begin differently far from a multiple of " + VECTOR_BYTES + " bytes";
        }
      }
    }
    return several > 1 ? "rows of a tile lie along several dimensions" : null;
  }

  /// Whether a row fits the tile wherever between two multiples of a vector it begins.
  private boolean hasRoom(ViewAccess access, int vector) {
    return integers.facts(access.sizes().getLast()).range().max() <= access.shape().getLast() - (vector - 1);
  }

  private static String whyNoRoom(ViewAccess access, int vector) {
    return "rows may be longer than %d columns, and a tile of %d has no room for as many as %d elements before them"
        .formatted(access.shape().getLast() - (vector - 1), access.shape().getLast(), vector - 1);
  }

  /// Whether two rows begin at the same place of their arrays.
  private static boolean beginsAs(ViewAccess left, ViewAccess right) {
    if (left.rank() != right.rank()) {
      return false;
    }
    for (int d = 0; d < left.rank() - 1; d++) {
      if (!Scalars.isSame(left.offsets().get(d), right.offsets().get(d))
          || !Scalars.isSame(left.strides().get(d), right.strides().get(d))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isKnownBefore(Value value, Operation place) {
    Operation op = value.definingOp();
    return op == null || !op.block().equals(place.block()) || op.isBefore(place);
  }

  private static long bytes(ViewAccess access) {
    return AxisAnalysis.pointeeBytes(access.base().type());
  }

  private static Analysis<Plan> not(String why) {
    return new Analysis.NotApplicable<>(why);
  }
}
