// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;

/// The group whose threads compute what they send: loads, masks and arithmetic of factors as they were in the kernel, and
/// then, once there is a free slot, stores into it.
final class FillRole implements GroupWriter.Role {
  private final Specialization plan;

  FillRole(Specialization plan) {
    this.plan = plan;
  }

  @Override
  public boolean keeps(Operation op) {
    return plan.computed().operations().contains(op);
  }

  @Override
  public boolean carries(Value argument) {
    return plan.computed().values().contains(argument);
  }

  @Override
  public boolean uses(Specialization.Ring ring) {
    return !ring.isCopied();
  }

  @Override
  public void before(Operation op, GroupWriter writer) {}

  /// All factors of a slot are computed before it is waited for: while there is none, their loads are under way.
  @Override
  public void factor(Specialization.Slot slot, GroupWriter writer) {
    Specialization.Ring ring = slot.ring();
    if (!uses(ring)) {
      return;
    }
    writer.copy(slot.factor().op());
    if (!slot.isLast()) {
      return;
    }
    Value channel = writer.channel(ring);
    Value position = writer.position(ring);
    List<Value> buffers = writer.builder().create("kcc.acquire").operands(channel, position)
        .results(ring.type().buffers().stream().map(BufferType::type).toList()).build().results();
    for (int i = 0; i < buffers.size(); i++) {
      Value tile = writer.of(ring.factors().get(i).op().result());
      writer.builder().create("kcc.fill").operands(tile, buffers.get(i), channel, position).build();
    }
    writer.builder().create("kcc.fence_async").build();
    writer.builder().create("kcc.put").operands(channel, position).build();
    writer.advance(ring);
  }

  @Override
  public void product(AsyncProduct product, GroupWriter writer) {}

  @Override
  public void store(CopiedStore store, GroupWriter writer) {}

  @Override
  public void done(Specialization.Ring ring, GroupWriter writer) {}

  @Override
  public List<Value> carried(Operation loop, GroupWriter writer) {
    return List.of();
  }

  @Override
  public void enter(Operation loop, List<Value> carried) {}

  @Override
  public List<Value> next(Operation loop) {
    return List.of();
  }

  @Override
  public void leave(Operation loop, GroupWriter writer) {}
}
