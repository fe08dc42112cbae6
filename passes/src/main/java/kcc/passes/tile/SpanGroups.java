// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Loads that can be made at the place of the first of them, so that the block waits for all of them at once.
///
/// What belongs to the columns of short rows is not loaded with them: a thread needs all of it, as much as its part of
/// the rows, and would hold it until it is used.
final class SpanGroups {
  private final RaggedRows rows;
  private final List<List<ViewAccess>> groups = new ArrayList<>();
  private final List<List<ViewAccess>> ofColumns = new ArrayList<>();
  /// Shared memory of the last group.
  private long bytes;

  SpanGroups(RaggedRows rows) {
    this.rows = rows;
  }

  List<List<ViewAccess>> groups() {
    return groups;
  }

  /// Groups of what belongs to columns.
  List<List<ViewAccess>> ofColumns() {
    return ofColumns;
  }

  /// Adds a load, in the order of the text.
  void add(ViewAccess load) {
    if (!joined(load)) {
      groups.add(new ArrayList<>(List.of(load)));
      bytes = rows.sharedBytes(load);
    }
  }

  /// Adds a load of one row to a group that has rows of its length, or does nothing and gives false.
  boolean addTo(ViewAccess row) {
    if (groups.isEmpty() || !groups.getLast().getFirst().shape().getLast().equals(row.shape().getLast())) {
      return false;
    }
    if (!rows.isShort(row)) {
      return joined(row);
    }
    if (ofColumns.isEmpty() || !canJoin(row, ofColumns.getLast())) {
      ofColumns.add(new ArrayList<>());
    }
    ofColumns.getLast().add(row);
    return true;
  }

  private boolean joined(ViewAccess load) {
    long more = rows.sharedBytes(load);
    if (groups.isEmpty() || bytes + more > rows.mostSharedBytes() || !canJoin(load, groups.getLast())) {
      return false;
    }
    groups.getLast().add(load);
    bytes += more;
    return true;
  }

  private static boolean canJoin(ViewAccess load, List<ViewAccess> group) {
    Operation first = group.getFirst().op();
    if (!load.op().block().equals(first.block()) || !isSame(load.op().attribute("cache"), first.attribute("cache"))) {
      return false;
    }
    for (Operation between = first.next(); !between.equals(load.op()); between = between.next()) {
      if (mayWrite(between)) {
        return false;
      }
    }
    return isKnownBefore(load.base(), first) && areKnownBefore(load.sizes(), first)
        && areKnownBefore(load.strides(), first) && areKnownBefore(load.offsets(), first);
  }

  private static boolean isSame(Attribute left, Attribute right) {
    return left == null ? right == null : left.equals(right);
  }

  /// Control flow is taken to write; what a kernel asserts is to be checked before it goes on.
  static boolean mayWrite(Operation op) {
    String name = op.name();
    return name.startsWith("kcc.store") || name.startsWith("kcc.atomic") || name.startsWith("scf.")
        || name.startsWith("gpu.") || name.equals("kcc.assert");
  }

  private static boolean areKnownBefore(List<Value> values, Operation place) {
    for (Value value : values) {
      if (!isKnownBefore(value, place)) {
        return false;
      }
    }
    return true;
  }

  /// The value is used behind `place` in its block, so it can only be defined around that block or in it.
  private static boolean isKnownBefore(Value value, Operation place) {
    Operation op = value.definingOp();
    return op == null || !op.block().equals(place.block()) || op.isBefore(place);
  }
}
