// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// Lowers one `kcc.sort` to a merge sort of each row, from the bottom up: the GPUs' network has nothing in common with it.
///
/// ```
///   for level: width = 1 << level
///     for k: at the start of a block of 2 * width: i, j = starts of its halves
///       b[k] = the one of a[i], a[j] that stands before the other; its index counts up
///     a = b
/// ```
final class SortLoops {
  private final CodeBuilder code;
  private final Operation sort;
  private final int axis;
  private final long length;
  private final List<Value> rows = new ArrayList<>();
  private final List<Value> merged = new ArrayList<>();

  SortLoops(CodeBuilder code, Operation sort) {
    this.code = code;
    this.sort = sort;
    this.axis = sort.attribute("axis").asInt();
    this.length = TensorType.of(sort.operand(0).type()).shape().get(axis);
  }

  void lower() {
    List<Value> sources = sort.operands();
    Reader reader = new Reader(code, sources.toArray(Value[]::new));
    List<Value> buffers = new ArrayList<>();
    for (Value source : sources) {
      Type element = source.type().elementOrSelf();
      buffers.add(code.allocate(CodeBuilder.bufferOf(source.type())));
      rows.add(code.allocate(Types.memref(new long[] {length}, element)));
      merged.add(code.allocate(Types.memref(new long[] {length}, element)));
    }
    List<Long> others = new ArrayList<>(TensorType.of(sources.getFirst().type()).shape());
    others.remove(axis);
    code.loopsOver(others, (inside, place) -> {
      inside.loopsOver(List.of(length), (each, at) -> {
        for (int i = 0; i < sources.size(); i++) {
          each.store(reader.get(each, sources.get(i), along(place, at.getFirst())), rows.get(i), at);
        }
      });
      inside.loop(inside.index(0), inside.index(Long.numberOfTrailingZeros(length)), List.of(), (level, arguments) -> {
        mergeAll(level, level.binary("arith.shli", level.index(1), arguments.getFirst()));
        return List.of();
      });
      inside.loopsOver(List.of(length), (each, at) -> {
        for (int i = 0; i < sources.size(); i++) {
          each.store(each.load(rows.get(i), at), buffers.get(i), along(place, at.getFirst()));
        }
      });
    });
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      results.add(code.tileIn(buffers.get(i), sources.get(i).type()));
    }
    sort.replaceWith(results);
  }

  private List<Value> along(List<Value> others, Value position) {
    List<Value> place = new ArrayList<>(others);
    place.add(axis, position);
    return place;
  }

  private void mergeAll(CodeBuilder at, Value width) {
    Value last = at.binary("arith.subi", at.add(width, width), at.index(1));
    at.loop(at.index(0), at.index(length), List.of(at.index(0), at.index(0)), (step, arguments) -> {
      Value k = arguments.getFirst();
      Value inBlock = step.binary("arith.andi", k, last);
      Value start = step.binary("arith.subi", k, inBlock);
      Value middle = step.add(start, width);
      Value end = step.add(middle, width);
      Value isStart = step.compare(CodeBuilder.Compare.EQ, inBlock, step.index(0));
      Value i = step.select(isStart, start, arguments.get(1));
      Value j = step.select(isStart, middle, arguments.get(2));
      List<Value> left = elements(step, i);
      List<Value> right = elements(step, j);
      List<Value> both = new ArrayList<>(right);
      both.addAll(left);
      Value isBefore = comparison(step, both);
      Value isLeftDone = step.compare(CodeBuilder.Compare.SGE, i, middle);
      Value isRightLeft = step.compare(CodeBuilder.Compare.SLT, j, end);
      Value takesRight = step.binary("arith.ori", isLeftDone, step.binary("arith.andi", isRightLeft, isBefore));
      for (int operand = 0; operand < merged.size(); operand++) {
        step.store(step.select(takesRight, right.get(operand), left.get(operand)), merged.get(operand), List.of(k));
      }
      Value one = step.index(1);
      return List.of(step.select(takesRight, i, step.add(i, one)), step.select(takesRight, step.add(j, one), j));
    });
    at.loopsOver(List.of(length), (each, place) -> {
      for (int i = 0; i < rows.size(); i++) {
        each.store(each.load(merged.get(i), place), rows.get(i), place);
      }
    });
  }

  /// An index that has left its half may be that of no element; what is read then is not used.
  private List<Value> elements(CodeBuilder at, Value index) {
    Value inside = at.binary("arith.minsi", index, at.index(length - 1));
    List<Value> elements = new ArrayList<>();
    for (Value row : rows) {
      elements.add(at.load(row, List.of(inside)));
    }
    return elements;
  }

  /// Moves the comparator, which is needed once, to the builder's place.
  private Value comparison(CodeBuilder at, List<Value> inputs) {
    Block body = sort.region(0).first();
    for (int i = 0; i < inputs.size(); i++) {
      body.argument(i).replaceAllUsesWith(inputs.get(i));
    }
    Value isBefore = null;
    for (Operation operation : body.operations()) {
      if (operation.is("kcc.yield")) {
        isBefore = operation.operand(0);
      } else {
        operation.detach();
        at.insert(operation);
      }
    }
    return isBefore;
  }
}
