// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

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
    List<Value> buffers = writer.acquire(ring);
    for (int i = 0; i < buffers.size(); i++) {
      Value tile = writer.of(ring.factors().get(i).op().result());
      writer.builder().create("kcc.fill").operands(tile, buffers.get(i), writer.channel(ring), writer.position(ring)).build();
    }
    writer.builder().create("kcc.fence_async").build();
    writer.put(ring);
  }
}
