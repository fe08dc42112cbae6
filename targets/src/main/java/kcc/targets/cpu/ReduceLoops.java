// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;

/// Lowers one `linalg.reduce` that starts with its first elements, because its combine function has no known identity.
final class ReduceLoops {
  private final CodeBuilder code;
  private final Operation reduce;
  private final int axis;

  ReduceLoops(CodeBuilder code, Operation reduce) {
    this.code = code;
    this.reduce = reduce;
    this.axis = Math.toIntExact(reduce.attribute("dimensions").asLongs().getFirst());
  }

  void lower() {
    int count = reduce.resultCount();
    List<Value> sources = reduce.operands().subList(0, count);
    Reader reader = new Reader(code, sources.toArray(Value[]::new));
    List<Value> buffers = new ArrayList<>();
    for (Value result : reduce.results()) {
      buffers.add(code.allocate(CodeBuilder.bufferOf(result.type())));
    }
    List<Long> others = new ArrayList<>(TensorType.of(sources.getFirst().type()).shape());
    long length = others.remove(axis);
    code.loopsOver(others, (inside, place) -> {
      List<Value> first = elements(inside, reader, sources, along(place, inside.index(0)));
      List<Value> combined = inside.loop(inside.index(1), inside.index(length), first, (step, arguments) -> {
        List<Value> inputs = elements(step, reader, sources, along(place, arguments.getFirst()));
        inputs.addAll(arguments.subList(1, arguments.size()));
        return combine(step, inputs);
      }).results();
      for (int i = 0; i < count; i++) {
        inside.store(combined.get(i), buffers.get(i), place);
      }
    });
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(code.tileIn(buffers.get(i), reduce.result(i).type()));
    }
    reduce.replaceWith(results);
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

  /// Moves the combine function, which is needed once, to the builder's place.
  private List<Value> combine(CodeBuilder at, List<Value> inputs) {
    Block body = reduce.region(0).first();
    for (int i = 0; i < inputs.size(); i++) {
      body.argument(i).replaceAllUsesWith(inputs.get(i));
    }
    List<Value> combined = List.of();
    for (Operation operation : body.operations()) {
      if (operation.is("linalg.yield")) {
        combined = operation.operands();
      } else {
        operation.detach();
        at.insert(operation);
      }
    }
    return combined;
  }
}
