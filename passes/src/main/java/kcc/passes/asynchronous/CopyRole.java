// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.tile.Scalars;

/// The group that copies: it computes addresses, acquires slots and lets the copy engine fill them.
final class CopyRole implements GroupWriter.Role {
  private final Specialization plan;
  private final Map<CopiedBox, Value> maps;
  private final Map<Specialization.Ring, List<Value>> slots = new HashMap<>();

  /// @param maps the tensor maps, arguments of the group's function
  CopyRole(Specialization plan, Map<CopiedBox, Value> maps) {
    this.plan = plan;
    this.maps = maps;
  }

  @Override
  public boolean keeps(Operation op) {
    return plan.addresses().operations().contains(op);
  }

  @Override
  public boolean carries(Value argument) {
    return plan.addresses().values().contains(argument);
  }

  @Override
  public boolean uses(Specialization.Ring ring) {
    return ring.isCopied();
  }

  @Override
  public void factor(Specialization.Slot slot, GroupWriter writer) {
    if (slot.factor() instanceof CopiedLoad load) {
      copy(slot, load, writer);
    }
  }

  private void copy(Specialization.Slot slot, CopiedLoad load, GroupWriter writer) {
    Specialization.Ring ring = slot.ring();
    if (slot.isFirst()) {
      slots.put(ring, writer.acquire(ring));
    }
    List<Value> offsets = writer.offsets(load.access());
    Value streamed = streamed(load, writer);
    OpSpec copy = writer.builder().create("kcc.copy_tile").operand(maps.get(load.map())).operands(offsets)
        .operands(slots.get(ring).get(slot.buffer()), writer.channel(ring), writer.position(ring))
        .operandSegments(1, offsets.size(), 1, 1, 1, streamed == null ? 0 : 1);
    if (streamed != null) {
      copy.operand(streamed);
    }
    copy.build();
    if (slot.isLast()) {
      writer.put(ring);
    }
  }

  /// Whether all programs that read a tile run at about the same time: there are no more of them than stand beside each
  /// other in the order of programs. Null where that is not known.
  private static Value streamed(CopiedLoad load, GroupWriter writer) {
    Operation kernel = load.load().ancestor("gpu.func");
    if (!load.load().hasAttribute(ProgramOrder.AXES) || !kernel.hasAttribute(ProgramOrder.GROUP)) {
      return null;
    }
    List<Long> axes = load.load().attribute(ProgramOrder.AXES).asLongs();
    Value readers = null;
    for (Operation extent : kernel.find("arith.trunci")) {
      if (extent.hasAttribute(ProgramOrder.EXTENT) && !axes.contains(extent.attribute(ProgramOrder.EXTENT).asLong())) {
        Value count = writer.of(extent.result());
        readers = readers == null ? count : ProgramOrder.binary("arith.muli", readers, count, writer.builder());
      }
    }
    return readers == null ? null : Scalars.compare(writer.builder(), "ule", readers,
        writer.builder().constant(readers.type(), kernel.attribute(ProgramOrder.GROUP).asLong()));
  }
}
