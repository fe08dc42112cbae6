// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Loads that can be made at the place of the first of them, so that the block waits for all of them at once.
final class SpanGroups {
  private SpanGroups() {}

  /// @param loads in the order of the text
  static List<List<ViewAccess>> of(List<ViewAccess> loads, RaggedRows rows) {
    List<List<ViewAccess>> groups = new ArrayList<>();
    long bytes = 0;
    for (ViewAccess load : loads) {
      long more = rows.sharedBytes(load);
      if (!groups.isEmpty() && bytes + more <= rows.mostSharedBytes() && canJoin(load, groups.getLast())) {
        groups.getLast().add(load);
        bytes += more;
      } else {
        groups.add(new ArrayList<>(List.of(load)));
        bytes = more;
      }
    }
    return groups;
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
  private static boolean mayWrite(Operation op) {
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
