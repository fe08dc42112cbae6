// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// Lowers one `kcc.scan` to a loop along its axis for each place of the other axes.
final class ScanLoops {
  private final AlongAxis tiles;
  private final boolean reverse;

  ScanLoops(CodeBuilder code, Operation scan) {
    this.tiles = new AlongAxis(code, scan, scan.resultCount(), scan.attribute("axis").asInt());
    this.reverse = scan.hasAttribute("reverse");
  }

  void lower() {
    long last = tiles.length() - 1;
    tiles.forEachOther((inside, others) -> {
      List<Value> start = tiles.place(others, inside.index(reverse ? last : 0));
      List<Value> first = tiles.elements(inside, start);
      tiles.put(inside, first, start);
      inside.loop(inside.index(1), inside.index(tiles.length()), first, (step, arguments) -> {
        Value index = arguments.getFirst();
        Value position = reverse ? step.binary("arith.subi", step.index(last), index) : index;
        List<Value> here = tiles.place(others, position);
        List<Value> inputs = new ArrayList<>(arguments.subList(1, arguments.size()));
        inputs.addAll(tiles.elements(step, here));
        List<Value> combined = tiles.body(step, inputs);
        tiles.put(step, combined, here);
        return combined;
      });
    });
    tiles.replaceOperation();
  }
}
