// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// Lowers operations that give elements another place, or count them, to loops: gather, flip, join, split, histogram.
final class ElementMoves {
  private final CodeBuilder code;
  private final Operation operation;
  private final Reader reader;

  ElementMoves(CodeBuilder code, Operation operation) {
    this.code = code;
    this.operation = operation;
    this.reader = new Reader(code, operation.operands().toArray(Value[]::new));
  }

  void gather() {
    int axis = operation.attribute("axis").asInt();
    Value source = operation.operand(0);
    long size = TensorType.of(source.type()).shape().get(axis);
    Type element = source.type().elementOrSelf();
    operation.replaceWith(filled(operation.result(), (at, place) -> {
      Value index = at.toI64(reader.get(at, operation.operand(1), place));
      Value isInside = at.compare(CodeBuilder.Compare.ULT, index, at.i64(size));
      return at.choose(isInside, element,
          inside -> reader.get(inside, source, with(place, axis, inside.toIndex(index))),
          inside -> inside.zero(element));
    }));
  }

  void flip() {
    int axis = operation.attribute("axis").asInt();
    Value source = operation.operand(0);
    long last = TensorType.of(source.type()).shape().get(axis) - 1;
    operation.replaceWith(filled(operation.result(), (at, place) -> reader.get(at, source,
        with(place, axis, at.binary("arith.subi", at.index(last), place.get(axis))))));
  }

  void join() {
    operation.replaceWith(filled(operation.result(), (at, place) -> {
      List<Value> inHalf = place.subList(0, place.size() - 1);
      Value isFirst = at.compare(CodeBuilder.Compare.EQ, place.getLast(), at.index(0));
      return at.select(isFirst, reader.get(at, operation.operand(0), inHalf), reader.get(at, operation.operand(1), inHalf));
    }));
  }

  void split() {
    List<Value> halves = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      int which = half;
      halves.add(filled(operation.result(half), (at, place) -> {
        List<Value> inWhole = new ArrayList<>(place);
        inWhole.add(at.index(which));
        return reader.get(at, operation.operand(0), inWhole);
      }));
    }
    operation.replaceWith(halves);
  }

  void histogram() {
    Type type = operation.result().type();
    Value source = operation.operand(0);
    Value mask = operation.operandCount() > 1 ? operation.operand(1) : null;
    long bins = TensorType.of(type).elementCount();
    Value counts = code.allocate(CodeBuilder.bufferOf(type));
    code.loopsOver(List.of(bins), (at, place) -> at.store(at.integer(32, 0), counts, place));
    code.loopsOver(TensorType.of(source.type()).shape(), (at, place) -> {
      Value bin = at.toI64(reader.get(at, source, place));
      Value isBin = at.compare(CodeBuilder.Compare.ULT, bin, at.i64(bins));
      Value isCounted = mask == null ? isBin : at.binary("arith.andi", isBin, reader.get(at, mask, place));
      at.when(isCounted, inside -> {
        List<Value> there = List.of(inside.toIndex(bin));
        inside.store(inside.add(inside.load(counts, there), inside.integer(32, 1)), counts, there);
      });
    });
    operation.replaceWith(code.tileIn(counts, type));
  }

  private interface Element {
    Value at(CodeBuilder inside, List<Value> place);
  }

  private Value filled(Value result, Element element) {
    Value buffer = code.allocate(CodeBuilder.bufferOf(result.type()));
    code.loopsOver(TensorType.of(result.type()).shape(),
        (inside, place) -> inside.store(element.at(inside, place), buffer, place));
    return code.tileIn(buffer, result.type());
  }

  private static List<Value> with(List<Value> place, int axis, Value position) {
    List<Value> changed = new ArrayList<>(place);
    changed.set(axis, position);
    return changed;
  }
}
