// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;

/// Lowers one `kcc.scan` to a loop along its axis for each place of the other axes.
final class ScanLoops {
  private final CodeBuilder code;
  private final Operation scan;
  private final int axis;
  private final boolean reverse;

  ScanLoops(CodeBuilder code, Operation scan) {
    this.code = code;
    this.scan = scan;
    this.axis = scan.attribute("axis").asInt();
    this.reverse = scan.hasAttribute("reverse");
  }

  void lower() {
    List<Value> sources = scan.operands();
    Reader reader = new Reader(code, sources.toArray(Value[]::new));
    List<Value> buffers = new ArrayList<>();
    for (Value source : sources) {
      buffers.add(code.allocate(CodeBuilder.bufferOf(source.type())));
    }
    List<Long> shape = TensorType.of(sources.getFirst().type()).shape();
    List<Long> others = new ArrayList<>(shape);
    long length = others.remove(axis);
    code.loopsOver(others, (inside, place) -> {
      List<Value> first = elements(inside, reader, sources, along(place, inside.index(reverse ? length - 1 : 0)));
      put(inside, first, buffers, along(place, inside.index(reverse ? length - 1 : 0)));
      inside.loop(inside.index(1), inside.index(length), first, (step, arguments) -> {
        Value index = arguments.getFirst();
        Value position = reverse ? step.binary("arith.subi", step.index(length - 1), index) : index;
        List<Value> here = along(place, position);
        List<Value> inputs = new ArrayList<>(arguments.subList(1, arguments.size()));
        inputs.addAll(elements(step, reader, sources, here));
        List<Value> combined = combine(step, inputs);
        put(step, combined, buffers, here);
        return combined;
      });
    });
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      results.add(code.tileIn(buffers.get(i), sources.get(i).type()));
    }
    scan.replaceWith(results);
  }

  private List<Value> along(List<Value> others, Value position) {
    List<Value> place = new ArrayList<>(others);
    place.add(axis, position);
    return place;
  }

  private static List<Value> elements(CodeBuilder at, Reader reader, List<Value> sources, List<Value> place) {
    List<Value> elements = new ArrayList<>();
    for (Value source : sources) {
      elements.add(reader.get(at, source, place));
    }
    return elements;
  }

  private static void put(CodeBuilder at, List<Value> values, List<Value> buffers, List<Value> place) {
    for (int i = 0; i < values.size(); i++) {
      at.store(values.get(i), buffers.get(i), place);
    }
  }

  /// Moves the combine function, which is needed once, to the builder's place.
  private List<Value> combine(CodeBuilder at, List<Value> inputs) {
    Block body = scan.region(0).first();
    for (int i = 0; i < inputs.size(); i++) {
      body.argument(i).replaceAllUsesWith(inputs.get(i));
    }
    List<Value> combined = List.of();
    for (Operation operation : body.operations()) {
      if (operation.is("kcc.yield")) {
        combined = operation.operands();
      } else {
        operation.detach();
        at.insert(operation);
      }
    }
    return combined;
  }
}
