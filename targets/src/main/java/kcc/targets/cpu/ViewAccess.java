// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.PassContext;

/// One `kcc.load_tile`, `kcc.store_tile` or `kcc.atomic_tile`. Bounds are decided once for each dimension, so that
/// the loops themselves have no tests and rows are contiguous accesses.
///
/// ```
///   view:        0 ................. size          low  = max(0, -offset)
///   tile:             |offset .... offset + T|     high = min(T, size - offset)
/// ```
final class ViewAccess {
  private final CodeBuilder code;
  private final Operation access;
  private final Value base;
  private final List<Value> sizes;
  private final List<Value> strides;
  private final List<Value> offsets;
  private final List<Long> dims;
  /// The value written, or null for a load.
  private final Value value;

  ViewAccess(CodeBuilder code, Operation access, PassContext context) {
    this.code = code;
    this.access = access;
    this.value = access.is("kcc.load_tile") ? null : access.operand(0);
    int first = value == null ? 0 : 1;
    Operation view = access.operand(first).definingOp();
    if (view == null || !view.is("kcc.view")) {
      throw context.fail(Diagnostic.error("KCC4302", access.location().toSource(),
          "the CPU target cannot follow this view to where it was made")
          .withHelp("make the view in the same function and do not carry it through a loop or branch"));
    }
    List<Long> segments = view.attribute("operandSegmentSizes").asLongs();
    int rank = segments.get(1).intValue();
    this.base = view.operand(0);
    this.sizes = view.operands().subList(1, 1 + rank);
    this.strides = view.operands().subList(1 + rank, 1 + 2 * rank);
    this.offsets = access.operands().subList(first + 1, first + 1 + rank);
    this.dims = access.attribute("dims").asLongs();
  }

  void load() {
    Type type = access.result().type();
    Type element = type.elementOrSelf();
    if (!type.isTensor()) {
      access.replaceWith(code.choose(insideOfOthers(), type,
          inside -> inside.read(inside.addressAt(base, start(inside), element), element),
          inside -> inside.zero(type)));
      return;
    }
    Value buffer = code.allocate(CodeBuilder.bufferOf(type));
    LinalgCode.fill(code, code.zero(element), buffer);
    overlap(type, (inside, place, address) -> inside.store(inside.read(address, element), buffer, place));
    access.replaceWith(code.tileIn(buffer, type));
  }

  void store() {
    Reader reader = new Reader(code, value);
    overlap(value.type(), (inside, place, address) -> inside.write(reader.get(inside, value, place), address));
    access.erase();
  }

  void update(RuntimeFunctions runtime) {
    Type element = value.type().elementOrSelf();
    AtomicUpdate atomic = AtomicUpdate.of(AtomicUpdate.kindOf(access), element);
    Operation function = runtime.get(atomic.name(), atomic::text);
    Reader reader = new Reader(code, value);
    overlap(value.type(), (inside, place, address) ->
        inside.call(function, element, address, reader.get(inside, value, place)));
    access.erase();
  }

  /// What is done with one element that is inside of the view.
  private interface Element {
    void at(CodeBuilder inside, List<Value> place, Value address);
  }

  private void overlap(Type tile, Element body) {
    Type element = tile.elementOrSelf();
    if (!tile.isTensor()) {
      code.when(insideOfOthers(), inside -> body.at(inside, List.of(), inside.addressAt(base, start(inside), element)));
      return;
    }
    List<Long> shape = TensorType.of(tile).shape();
    List<Value> low = new ArrayList<>();
    List<Value> high = new ArrayList<>();
    Value others = insideOfOthers();
    for (int i = 0; i < shape.size(); i++) {
      Value offset = offsets.get(dims.get(i).intValue());
      Value size = sizes.get(dims.get(i).intValue());
      Value zero = code.i64(0);
      Value length = code.i64(shape.get(i));
      Value before = code.binary("arith.subi", zero, offset);
      Value left = code.binary("arith.subi", size, offset);
      low.add(code.toIndex(clamp(before, zero, length)));
      Value end = clamp(left, zero, length);
      high.add(code.toIndex(i > 0 ? end
          : code.create("arith.select").operands(others, end, zero).result(end.type()).value()));
    }
    Value start = start(code);
    code.loops(low, high, (inside, place) -> {
      Value offset = start;
      for (int i = 0; i < place.size(); i++) {
        Value step = inside.multiply(inside.toI64(place.get(i)), strides.get(dims.get(i).intValue()));
        offset = inside.add(offset, step);
      }
      body.at(inside, place, inside.addressAt(base, offset, element));
    });
  }

  private Value clamp(Value value, Value low, Value high) {
    return code.binary("arith.minsi", code.binary("arith.maxsi", value, low), high);
  }

  /// Element offset of the tile's first element, which may be outside of the view.
  private Value start(CodeBuilder at) {
    Value start = at.i64(0);
    for (int d = 0; d < offsets.size(); d++) {
      start = at.add(start, at.multiply(offsets.get(d), strides.get(d)));
    }
    return start;
  }

  /// Whether the offsets of all dimensions that the tile does not have are inside of the view.
  private Value insideOfOthers() {
    Value all = code.integer(1, 1);
    for (int d = 0; d < offsets.size(); d++) {
      if (!dims.contains((long) d)) {
        Value fromStart = code.compare(CodeBuilder.Compare.SGE, offsets.get(d), code.i64(0));
        Value beforeEnd = code.compare(CodeBuilder.Compare.SLT, offsets.get(d), sizes.get(d));
        all = code.binary("arith.andi", all, code.binary("arith.andi", fromStart, beforeEnd));
      }
    }
    return all;
  }
}
