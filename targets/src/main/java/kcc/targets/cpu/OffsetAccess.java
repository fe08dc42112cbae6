// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.cpu;

import java.util.List;
import java.util.function.Consumer;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;

/// One `kcc.load`, `kcc.store` or atomic update through a pointer and offsets, a scalar or a tile of them.
final class OffsetAccess {
  private final CodeBuilder code;
  private final Operation access;

  OffsetAccess(CodeBuilder code, Operation access) {
    this.code = code;
    this.access = access;
  }

  /// Operands of `kcc.load`, which has two optional ones.
  private Value optional(int group) {
    List<Long> sizes = access.attribute("operandSegmentSizes").asLongs();
    int first = 0;
    for (int i = 0; i < group; i++) {
      first += sizes.get(i);
    }
    return sizes.get(group) == 0 ? null : access.operand(first);
  }

  void load() {
    Value mask = optional(2);
    Value other = optional(3);
    Value offset = access.operand(1);
    Type type = access.result().type();
    if (!offset.type().isTensor()) {
      access.replaceWith(element(code, new Reader(code), List.of(), type, mask, other));
      return;
    }
    Type elementType = type.elementOrSelf();
    Value buffer = code.allocate(CodeBuilder.bufferOf(type));
    Reader reader = new Reader(code, offset, mask, other);
    code.loopsOver(TensorType.of(offset.type()).shape(), (inside, place) ->
        inside.store(element(inside, reader, place, elementType, mask, other), buffer, place));
    access.replaceWith(code.tileIn(buffer, type));
  }

  private Value element(CodeBuilder at, Reader reader, List<Value> place, Type type, Value mask, Value other) {
    Value base = access.operand(0);
    Value offset = reader.get(at, access.operand(1), place);
    boolean fresh = access.hasAttribute("cache") && access.attribute("cache").toString().contains("volatile");
    if (mask == null) {
      return at.read(at.addressAt(base, at.toI64(offset), type), type, fresh);
    }
    return at.choose(
        reader.get(at, mask, place),
        type,
        inside -> inside.read(inside.addressAt(base, inside.toI64(offset), type), type, fresh),
        inside -> other == null ? inside.zero(type) : reader.get(inside, other, place));
  }

  void store() {
    Value value = access.operand(0);
    Value base = access.operand(1);
    Value offset = access.operand(2);
    Value mask = access.operandCount() > 3 ? access.operand(3) : null;
    Reader reader = new Reader(code, value, offset, mask);
    everywhere(offset, (inside, place) -> guarded(inside, reader, mask, place, guarded -> {
      Value element = reader.get(guarded, value, place);
      guarded.write(element, guarded.addressAt(base, guarded.toI64(reader.get(guarded, offset, place)), element.type()));
    }));
    access.erase();
  }

  /// `kcc.atomic_rmw` and `kcc.atomic_cas`; where the mask is false the old value is given as zero.
  void update(RuntimeFunctions runtime) {
    boolean swap = access.is("kcc.atomic_cas");
    int base = swap ? 2 : 1;
    Value offset = access.operand(base + 1);
    Value mask = access.operandCount() > base + 2 ? access.operand(base + 2) : null;
    Type type = access.result().type();
    Type elementType = type.elementOrSelf();
    AtomicUpdate atomic = swap
        ? AtomicUpdate.compareAndSwap(elementType)
        : AtomicUpdate.of(AtomicUpdate.kindOf(access), elementType);
    Operation function = runtime.get(atomic.name(), atomic::text);
    Reader reader = new Reader(code, access.operand(0), access.operand(base - 1), offset, mask);
    Type i1 = Types.i(code.context(), 1);
    LoweredUpdate one = (at, place) -> {
      Value address = at.addressAt(access.operand(base), at.toI64(reader.get(at, offset, place)), elementType);
      Value first = reader.get(at, access.operand(0), place);
      return swap
          ? at.call(function, elementType, address, first, reader.get(at, access.operand(1), place))
          : at.call(function, elementType, address, first);
    };
    LoweredUpdate whole = (at, place) -> mask == null
        ? one.old(at, place)
        : at.choose(reader.get(at, mask, place), elementType,
            inside -> one.old(inside, place), inside -> inside.zero(elementType));
    if (!type.isTensor()) {
      access.replaceWith(whole.old(code, List.of()));
      return;
    }
    Value buffer = code.allocate(CodeBuilder.bufferOf(type));
    code.loopsOver(TensorType.of(type).shape(), (inside, place) ->
        inside.store(whole.old(inside, place), buffer, place));
    access.replaceWith(code.tileIn(buffer, type));
  }

  private interface LoweredUpdate {
    Value old(CodeBuilder at, List<Value> place);
  }

  private void everywhere(Value offset, CodeBuilder.Body body) {
    if (offset.type().isTensor()) {
      code.loopsOver(TensorType.of(offset.type()).shape(), body);
    } else {
      body.at(code, List.of());
    }
  }

  private static void guarded(CodeBuilder at, Reader reader, Value mask, List<Value> place,
      Consumer<CodeBuilder> then) {
    if (mask == null) {
      then.accept(at);
    } else {
      at.when(reader.get(at, mask, place), then);
    }
  }
}
