// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Operation;
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
  private final AlongAxis tiles;
  private final long length;
  private final List<Value> rows = new ArrayList<>();
  private final List<Value> merged = new ArrayList<>();

  SortLoops(CodeBuilder code, Operation sort) {
    this.tiles = new AlongAxis(code, sort, sort.resultCount(), sort.attribute("axis").asInt());
    this.length = tiles.length();
    for (Value source : tiles.sources()) {
      Type row = Types.memref(new long[] {length}, source.type().elementOrSelf());
      rows.add(code.allocate(row));
      merged.add(code.allocate(row));
    }
  }

  void lower() {
    tiles.forEachOther((inside, others) -> {
      inside.loopsOver(List.of(length), (each, at) -> {
        List<Value> elements = tiles.elements(each, tiles.place(others, at.getFirst()));
        for (int i = 0; i < rows.size(); i++) {
          each.store(elements.get(i), rows.get(i), at);
        }
      });
      inside.loop(inside.index(0), inside.index(Long.numberOfTrailingZeros(length)), List.of(), (level, arguments) -> {
        mergeAll(level, level.binary("arith.shli", level.index(1), arguments.getFirst()));
        return List.of();
      });
      inside.loopsOver(List.of(length), (each, at) -> {
        List<Value> sorted = new ArrayList<>();
        for (Value row : rows) {
          sorted.add(each.load(row, at));
        }
        tiles.put(each, sorted, tiles.place(others, at.getFirst()));
      });
    });
    tiles.replaceOperation();
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
      Value isBefore = tiles.body(step, both).getFirst();
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
}
