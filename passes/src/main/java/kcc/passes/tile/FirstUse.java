// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.tile;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;

/// Where some loads can be made at the latest: before something other than a change of type or shape is done with the first
/// of them.
///
/// @param place   the operation that what is loaded is needed for
/// @param changes of types and shapes before that, in their order
record FirstUse(Operation place, List<Operation> changes) {
  static FirstUse of(List<ViewAccess> loads) {
    Operation first = loads.getFirst().op();
    List<Operation> changes = new ArrayList<>();
    List<Operation> users = new ArrayList<>();
    for (ViewAccess load : loads) {
      collect(load.op().result(), changes, users);
    }
    Operation place = null;
    for (Operation user : users) {
      if (!user.block().equals(first.block())) {
        return new FirstUse(first, List.of());
      }
      place = place == null || user.isBefore(place) ? user : place;
    }
    if (place == null) {
      return new FirstUse(first, List.of());
    }
    for (Operation between = first; !between.equals(place); between = between.next()) {
      if (SpanGroups.mayWrite(between)) {
        return new FirstUse(first, List.of());
      }
    }
    changes.sort((left, right) -> left.equals(right) ? 0 : left.isBefore(right) ? -1 : 1);
    return new FirstUse(place, changes);
  }

  private static void collect(Value value, List<Operation> changes, List<Operation> users) {
    for (Use use : value.uses()) {
      Operation user = use.owner();
      boolean isChange = switch (user.name()) {
        case "arith.extf", "arith.extsi", "arith.extui", "arith.sitofp", "arith.uitofp", "kcc.reshape", "kcc.broadcast" -> true;
        default -> false;
      };
      if (isChange && !changes.contains(user)) {
        changes.add(user);
        collect(user.result(), changes, users);
      } else if (!isChange) {
        users.add(user);
      }
    }
  }

  /// Moves the changes there, behind the loads.
  void moveChanges() {
    changes.forEach(change -> change.moveBefore(place));
  }
}
