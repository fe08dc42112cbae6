// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.targets.nvidia;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.channel.ChannelType;
import kcc.targets.gpu.LlvmBuilder;

/// A channel in the code of a kernel: slots one behind the other in shared memory, and for each slot a barrier that says it
/// is filled and behind that one that says it is free.
///
/// @param slots    address of the first slot, i32
/// @param barriers address of the first barrier, i32
record ChannelRing(Operation channel, ChannelType type, Value slots, Value barriers) {
  static final String OFFSET = "kcc.shared_offset";
  static final String BARRIERS_OFFSET = "kcc.barriers_offset";

  /// Writes the addresses behind the channel.
  static ChannelRing of(Operation channel) {
    OpBuilder builder = OpBuilder.after(channel).at(channel.location());
    Value base = builder.create("kcc.shared_base").result(Types.llvmPointer(builder.context(), 3)).value();
    Value address = builder.create("llvm.ptrtoint").operand(base).result(Types.i(builder.context(), 32)).value();
    return new ChannelRing(channel, ChannelType.of(channel.result().type()),
        plus(builder, address, channel.attribute(OFFSET).asLong()),
        plus(builder, address, channel.attribute(BARRIERS_OFFSET).asLong()));
  }

  /// Makes the barriers; one thread runs this.
  void init(LlvmBuilder builder) {
    for (int slot = 0; slot < type.depth(); slot++) {
      long at = (long) slot * ChannelType.BARRIER_BYTES_PER_SLOT;
      new SharedBarrier(plus(builder.builder(), barriers, at)).init(builder, channel.attribute("producers").asInt());
      new SharedBarrier(plus(builder.builder(), barriers, at + SharedBarrier.BYTES))
          .init(builder, channel.attribute("consumers").asInt());
    }
  }

  /// Addresses of the buffers of a position's slot.
  List<Value> buffers(OpBuilder builder, Value position) {
    Value slot = plus(builder, slots, times(builder, slot(builder, position), type.slotBytes()));
    List<Value> buffers = new ArrayList<>();
    for (int buffer = 0; buffer < type.buffers().size(); buffer++) {
      buffers.add(plus(builder, slot, type.offset(buffer)));
    }
    return buffers;
  }

  SharedBarrier filled(OpBuilder builder, Value position) {
    Value place = times(builder, slot(builder, position), ChannelType.BARRIER_BYTES_PER_SLOT);
    return new SharedBarrier(plus(builder, barriers, place));
  }

  SharedBarrier free(OpBuilder builder, Value position) {
    return new SharedBarrier(plus(builder, filled(builder, position).address(), SharedBarrier.BYTES));
  }

  /// Parity of the phase that fills the slot for this position.
  Value filledParity(OpBuilder builder, Value position) {
    Value round = binary(builder, "arith.divui", position, builder.constant(position.type(), type.depth()));
    return binary(builder, "arith.andi", round, builder.constant(position.type(), 1));
  }

  /// Parity of the phase that frees the slot for this position: the one before, as the first needs no release.
  Value freeParity(OpBuilder builder, Value position) {
    return binary(builder, "arith.xori", filledParity(builder, position), builder.constant(position.type(), 1));
  }

  private Value slot(OpBuilder builder, Value position) {
    return binary(builder, "arith.remui", position, builder.constant(position.type(), type.depth()));
  }

  static Value plus(OpBuilder builder, Value value, long more) {
    return more == 0 ? value : plus(builder, value, builder.constant(value.type(), more));
  }

  private static Value plus(OpBuilder builder, Value left, Value right) {
    return binary(builder, "arith.addi", left, right);
  }

  private static Value times(OpBuilder builder, Value value, long factor) {
    return binary(builder, "arith.muli", value, builder.constant(value.type(), factor));
  }

  static Value binary(OpBuilder builder, String name, Value left, Value right) {
    return builder.create(name).operands(left, right).result(left.type()).value();
  }
}
