// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Use;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.channel.BufferType;
import kcc.passes.tile.ViewAccess;
import kcc.scheduler.machine.TensorCopyLimits;

/// A tile that the copy engine can bring: which box of which array, and the buffer it lands in.
///
/// @param load      the `kcc.load_tile`
/// @param box       elements along each dimension of the array that one copy moves
/// @param buffer    where the tile lands, in the order of its own dimensions
/// @param rounded   whether its elements are f32 on the way in and tf32 from then on
record CopiedLoad(Operation load, CopiedArray array, List<Long> box, BufferType buffer, boolean rounded)
    implements Factor {

  /// A load, or why it is none that the copy engine can do.
  sealed interface Answer {
    record Yes(CopiedLoad load) implements Answer {}

    record No(String why) implements Answer {}
  }

  static Answer of(Operation load, Operation function, AxisAnalysis integers, TensorCopyLimits limits) {
    if (!load.is("kcc.load_tile")) {
      return new Answer.No("it is no tile as it lies in memory");
    }
    return switch (CopiedArray.of(load, load.result().type(), function, integers, limits)) {
      case CopiedArray.Answer.Yes(CopiedArray array) -> of(load, array, limits);
      case CopiedArray.Answer.No(String why) -> new Answer.No(why);
    };
  }

  private static Answer of(Operation load, CopiedArray array, TensorCopyLimits limits) {
    TensorType tile = TensorType.of(load.result().type());
    BufferType buffer = Factor.buffer(tile, limits);
    if (buffer == null) {
      return new Answer.No("rows of the tile have " + tile.shape().getLast() * array.elementBytes() + " bytes");
    }
    if (tile.shape().getFirst() > limits.boxExtent()) {
      return new Answer.No("the tile has more than " + limits.boxExtent() + " rows");
    }
    return new Answer.Yes(new CopiedLoad(load, array, array.box(tile.shape().getFirst(), buffer.pieceElements()), buffer,
        tile.element().isF32() && isRounded(load.result())));
  }

  /// Whether products that may round their factors are all that uses a tile. The matrix unit would cut off what the engine
  /// rounds.
  private static boolean isRounded(Value tile) {
    for (Use use : tile.uses()) {
      Operation user = use.owner();
      boolean rounds = user.is("linalg.transpose") ? isRounded(user.result())
          : user.hasAttribute("kcc.precision") && user.attribute("kcc.precision").asString().equals("tf32");
      if (!rounds) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Operation op() {
    return load;
  }

  ViewAccess access() {
    return array.access();
  }

  CopiedBox map() {
    return new CopiedBox(array.argument(), box, buffer.swizzle(), rounded);
  }
}
