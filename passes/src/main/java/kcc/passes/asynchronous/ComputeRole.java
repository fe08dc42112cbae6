// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;

/// The group that computes: everything but the copied loads, with products on what it gets from channels.
final class ComputeRole implements GroupWriter.Role {
  private final Specialization plan;
  /// The buffers of tiles in slots, and the position at which they were taken.
  private final Map<Operation, Value> buffers = new HashMap<>();
  private final Map<Specialization.Ring, Value> taken = new HashMap<>();

  ComputeRole(Specialization plan) {
    this.plan = plan;
  }

  @Override
  public boolean keeps(Operation op) {
    return !isTransposedFactor(op);
  }

  private boolean isTransposedFactor(Operation op) {
    return op.is("linalg.transpose") && op.operand(0).definingOp() != null && plan.slot(op.operand(0).definingOp()) != null;
  }

  @Override
  public boolean carries(Value argument) {
    return true;
  }

  @Override
  public void load(Specialization.Slot slot, GroupWriter writer) {
    if (!slot.isFirst()) {
      return;
    }
    Specialization.Ring ring = slot.ring();
    Value position = writer.position(ring);
    List<Value> results = writer.builder().create("kcc.get").operands(writer.channel(ring), position)
        .results(ring.type().buffers().stream().map(BufferType::type).toList()).build().results();
    for (int i = 0; i < results.size(); i++) {
      buffers.put(ring.loads().get(i).load(), results.get(i));
    }
    taken.put(ring, position);
    writer.advance(ring);
  }

  @Override
  public void product(AsyncProduct product, GroupWriter writer) {
    Operation op = product.product();
    OpSpec spec = writer.builder().create("kcc.async_matmul")
        .operands(factor(product.a(), product.isATransposed(), writer), factor(product.b(), product.isBTransposed(), writer),
            writer.of(op.operand(2)))
        .result(op.result().type());
    Attribute precision = op.attribute("kcc.precision");
    if (precision != null) {
      spec.attribute("kcc.precision", precision);
    }
    Value begun = spec.value();
    writer.bind(op.result(), writer.builder().create("kcc.mma_wait").operand(begun)
        .attribute("pending", Attributes.i32(op.context(), 0)).result(begun.type()).value());
  }

  private Value factor(Operation load, boolean isTransposed, GroupWriter writer) {
    Value buffer = buffers.get(load);
    if (!isTransposed) {
      return buffer;
    }
    BufferType type = BufferType.of(buffer.type());
    BufferType transposed = new BufferType(type.shape().reversed(), type.element(), type.swizzle(), 1 - type.contiguous());
    return writer.builder().create("kcc.transpose_buffer").operand(buffer).result(transposed.type()).value();
  }

  @Override
  public void done(Specialization.Ring ring, GroupWriter writer) {
    writer.builder().create("kcc.release").operands(writer.channel(ring), taken.get(ring)).build();
  }
}
