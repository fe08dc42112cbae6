// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Lowers one `linalg.reduce` that starts with its first elements, because its combine function has no known identity.
final class ReduceLoops {
  private final AlongAxis tiles;

  ReduceLoops(CodeBuilder code, Operation reduce) {
    int axis = Math.toIntExact(reduce.attribute("dimensions").asLongs().getFirst());
    this.tiles = new AlongAxis(code, reduce, reduce.resultCount(), axis);
  }

  void lower() {
    tiles.forEachOther((inside, place) -> {
      List<Value> first = tiles.elements(inside, tiles.place(place, inside.index(0)));
      List<Value> combined = inside.loop(inside.index(1), inside.index(tiles.length()), first, (step, arguments) -> {
        List<Value> inputs = tiles.elements(step, tiles.place(place, arguments.getFirst()));
        inputs.addAll(arguments.subList(1, arguments.size()));
        return tiles.body(step, inputs);
      }).results();
      tiles.put(inside, combined, place);
    });
    tiles.replaceOperation();
  }
}
