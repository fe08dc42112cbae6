// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;

/// What loops along one axis have in common: an operation on tiles of one shape that goes along the axis for each place of
/// the other axes, with a body in its region that says what happens to elements.
final class AlongAxis {
  private final CodeBuilder code;
  private final Operation operation;
  private final int axis;
  private final List<Value> sources;
  private final Reader reader;
  private final List<Value> results = new ArrayList<>();
  private final List<Long> others;
  private final long length;

  /// @param inputs how many operands are tiles to go along
  AlongAxis(CodeBuilder code, Operation operation, int inputs, int axis) {
    this.code = code;
    this.operation = operation;
    this.axis = axis;
    this.sources = operation.operands().subList(0, inputs);
    this.reader = new Reader(code, sources.toArray(Value[]::new));
    for (Value result : operation.results()) {
      results.add(code.allocate(CodeBuilder.bufferOf(result.type())));
    }
    this.others = new ArrayList<>(TensorType.of(sources.getFirst().type()).shape());
    this.length = others.remove(axis);
  }

  List<Value> sources() {
    return sources;
  }

  long length() {
    return length;
  }

  /// One turn for each place of the other axes.
  void forEachOther(CodeBuilder.Body body) {
    code.loopsOver(others, body);
  }

  /// The place of all axes from that of the others and a position along this one.
  List<Value> place(List<Value> others, Value position) {
    List<Value> place = new ArrayList<>(others);
    place.add(axis, position);
    return place;
  }

  /// An element of each source.
  List<Value> elements(CodeBuilder at, List<Value> place) {
    List<Value> elements = new ArrayList<>();
    for (Value source : sources) {
      elements.add(reader.get(at, source, place));
    }
    return elements;
  }

  /// Makes `values` the elements of the results at `place`.
  void put(CodeBuilder at, List<Value> values, List<Value> place) {
    for (int i = 0; i < results.size(); i++) {
      at.store(values.get(i), results.get(i), place);
    }
  }

  /// Moves the operation's body, which is needed once, to the builder's place; gives what it yields.
  List<Value> body(CodeBuilder at, List<Value> inputs) {
    Block body = operation.region(0).first();
    for (int i = 0; i < inputs.size(); i++) {
      body.argument(i).replaceAllUsesWith(inputs.get(i));
    }
    Operation yield = body.terminator();
    for (Operation inner : body.operations()) {
      if (!inner.equals(yield)) {
        inner.detach();
        at.insert(inner);
      }
    }
    return yield.operands();
  }

  /// The filled buffers take the operation's place.
  void replaceOperation() {
    List<Value> tiles = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      tiles.add(code.tileIn(results.get(i), operation.result(i).type()));
    }
    operation.replaceWith(tiles);
  }
}
