// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.layout.SwizzledBoxes;
import kcc.passes.tile.ViewAccess;
import kcc.scheduler.machine.TensorCopyLimits;

/// A tile that the copy engine can write, while the kernel goes on.
///
/// The engine writes when it comes to it, so nothing may depend on when that is: nothing else in the kernel touches the
/// array, and a program stores the tile once. Programs are independent of each other.
///
/// @param store the `kcc.store_tile`
record CopiedStore(Operation store, CopiedArray array) {

  /// A store, or why it is none that the copy engine can do.
  sealed interface Answer {
    record Yes(CopiedStore store) implements Answer {}

    record No(String why) implements Answer {}
  }

  /// @param warpGroups that hold the tile
  static Answer of(Operation store, int warpGroups, Operation kernel, AxisAnalysis integers, TensorCopyLimits limits) {
    return switch (CopiedArray.of(store, store.operand(0).type(), kernel, integers, limits)) {
      case CopiedArray.Answer.Yes(CopiedArray array) -> {
        String why = obstacle(store, array, warpGroups, kernel, limits);
        yield why == null ? new Answer.Yes(new CopiedStore(store, array)) : new Answer.No(why);
      }
      case CopiedArray.Answer.No(String why) -> new Answer.No(why);
    };
  }

  private static String obstacle(Operation store, CopiedArray array, int warpGroups, Operation kernel,
      TensorCopyLimits limits) {
    TensorType tile = TensorType.of(store.operand(0).type());
    long rows = tile.shape().getFirst();
    long columns = tile.shape().getLast();
    if (rows % (SwizzledBoxes.ROWS * warpGroups) != 0 || columns % SwizzledBoxes.columns(array.elementBytes()) != 0
        || !limits.swizzleBytes().contains(SwizzledBoxes.LINE_BYTES)) {
      return rows + " x " + columns + " elements are no boxes of " + SwizzledBoxes.ROWS + " x "
          + SwizzledBoxes.columns(array.elementBytes()) + " for each of " + warpGroups + " warp groups";
    }
    Attribute cache = store.attribute("cache");
    if (cache != null && !cache.toString().contains("default")) {
      return "it says how to use the caches";
    }
    if (!isOnlyAccess(store, array.access().base())) {
      return "the kernel touches the array elsewhere too";
    }
    return isOnceInProgram(store, kernel) ? null : "a program may store it several times, or not at all";
  }

  private static boolean isOnlyAccess(Operation store, Value base) {
    for (Use use : base.uses()) {
      if (!use.owner().is("kcc.view")) {
        return false;
      }
      for (Use access : use.owner().result().uses()) {
        if (!access.owner().equals(store)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isOnceInProgram(Operation store, Operation kernel) {
    Operation parent = store.parent();
    return parent.equals(kernel)
        || parent.parent().equals(kernel) && MakePersistentPass.isLoopOverPrograms(parent, kernel);
  }

  ViewAccess access() {
    return array.access();
  }

  CopiedBox map() {
    return new CopiedBox(array.argument(), array.box(SwizzledBoxes.ROWS, SwizzledBoxes.columns(array.elementBytes())),
        SwizzledBoxes.LINE_BYTES, false);
  }
}
