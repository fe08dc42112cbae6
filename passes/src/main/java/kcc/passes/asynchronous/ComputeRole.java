// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.passes.placement.MatrixTypes;
import kcc.passes.tile.Scalars;

/// The group that computes: everything but the copied loads, with products on what it gets from channels.
final class ComputeRole implements GroupWriter.Role {
  private final Specialization plan;
  private final Map<CopiedBox, Value> maps;
  /// The buffers of tiles in slots, and the position at which they were taken.
  private final Map<Operation, Value> buffers = new HashMap<>();
  private final Map<Specialization.Ring, Value> taken = new HashMap<>();
  /// Second halves of products under way, by their loops.
  private final Map<Operation, Value> halves = new HashMap<>();
  /// Products that nothing has waited for, in the order in which they were begun.
  private final List<Begun> begun = new ArrayList<>();

  /// A product under way.
  ///
  /// @param rings whose slots only it still reads
  private record Begun(Operation product, Value result, List<Specialization.Ring> rings) {}

  /// @param maps the tensor maps, arguments of the group's function
  ComputeRole(Specialization plan, Map<CopiedBox, Value> maps) {
    this.plan = plan;
    this.maps = maps;
  }

  @Override
  public boolean keeps(Operation op) {
    return plan.rest().operations().contains(op) && !isTransposedFactor(op);
  }

  private boolean isTransposedFactor(Operation op) {
    return op.is("linalg.transpose") && op.operand(0).definingOp() != null && plan.slot(op.operand(0).definingOp()) != null;
  }

  @Override
  public boolean carries(Value argument) {
    return plan.rest().values().contains(argument);
  }

  @Override
  public boolean uses(Specialization.Ring ring) {
    return true;
  }

  /// A product is waited for where something needs it: what does not is done while it runs. None runs on into a block
  /// inside of this one or out of it.
  @Override
  public void before(Operation op, GroupWriter writer) {
    int needed = op.name().startsWith("scf.") || op.equals(op.block().terminator()) ? begun.size() : 0;
    for (int i = needed; i < begun.size(); i++) {
      if (op.operands().contains(begun.get(i).product.result())) {
        needed = i + 1;
      }
    }
    if (needed > 0) {
      await(needed, writer);
    }
  }

  /// Waits for the first of the products under way and gives back what they have read.
  private void await(int count, GroupWriter writer) {
    List<Begun> done = List.copyOf(begun.subList(0, count));
    List<Value> results = done.stream().map(Begun::result).toList();
    List<Value> waited = writer.builder().create("kcc.mma_wait").operands(results)
        .attribute("pending", Attributes.i32(results.getFirst().type().context(), begun.size() - count))
        .results(results.stream().map(Value::type).toList()).build().results();
    for (int i = 0; i < count; i++) {
      writer.bind(done.get(i).product.result(), waited.get(i));
      done.get(i).rings.forEach(ring -> release(ring, writer));
    }
    begun.subList(0, count).clear();
  }

  @Override
  public void factor(Specialization.Slot slot, GroupWriter writer) {
    if (!slot.isFirst()) {
      return;
    }
    Specialization.Ring ring = slot.ring();
    Value position = writer.position(ring);
    List<Value> results = writer.builder().create("kcc.get").operands(writer.channel(ring), position)
        .results(ring.type().buffers().stream().map(BufferType::type).toList()).build().results();
    for (int i = 0; i < results.size(); i++) {
      buffers.put(ring.factors().get(i).op(), results.get(i));
    }
    taken.put(ring, position);
    writer.advance(ring);
  }

  @Override
  public void product(AsyncProduct product, GroupWriter writer) {
    Operation op = product.product();
    RunningProduct running = running(op);
    if (running != null && running.halves()) {
      byHalves(product, running, writer);
      return;
    }
    OpSpec spec = begin(product, writer.of(op.operand(2)), writer);
    if (product.isSummedInPieces()) {
      spec.attribute(MatrixTypes.MAX_IMPRECISE, op.attribute(MatrixTypes.MAX_IMPRECISE));
    }
    if (running == null) {
      begun.add(new Begun(op, spec.value(), new ArrayList<>()));
    } else {
      writer.bind(op.result(), waited(spec.value(), 1, writer));
    }
  }

  private OpSpec begin(AsyncProduct product, Value accumulator, GroupWriter writer) {
    Operation op = product.product();
    OpSpec spec = writer.builder().create("kcc.async_matmul")
        .operands(factor(product.a(), product.isATransposed(), writer), factor(product.b(), product.isBTransposed(), writer),
            accumulator)
        .result(op.result().type());
    Attribute precision = op.attribute("kcc.precision");
    if (precision != null) {
      spec.attribute("kcc.precision", precision);
    }
    if (MatrixTypes.isUnsigned(op)) {
      spec.attribute(MatrixTypes.UNSIGNED, Attributes.unit(op.context()));
    }
    return spec;
  }

  private void byHalves(AsyncProduct product, RunningProduct running, GroupWriter writer) {
    Operation op = product.product();
    long half = MatrixTypes.depth(op) / 2;
    Value before = waited(halves.get(running.loop()), 0, writer);
    running.rings().forEach(ring -> releaseBefore(running, ring, writer));
    Value first = half(product, 0, half, writer);
    Value sum = add(writer.of(op.operand(2)), before, writer);
    halves.put(running.loop(), half(product, half, half, writer));
    writer.bind(op.result(), add(sum, waited(first, 1, writer), writer));
  }

  private Value half(AsyncProduct product, long from, long depth, GroupWriter writer) {
    return begin(product, nothing(product.product(), writer), writer)
        .attribute(MatrixTypes.PART, Attributes.denseI64(product.product().context(), from, depth)).value();
  }

  private static Value nothing(Operation product, GroupWriter writer) {
    return writer.builder().constant(product.result().type(), 0.0);
  }

  private static Value add(Value left, Value right, GroupWriter writer) {
    return writer.builder().create("arith.addf").operands(left, right).result(left.type()).value();
  }

  @Override
  public List<Value> carried(Operation loop, GroupWriter writer) {
    RunningProduct running = RunningProduct.of(loop, plan);
    return running != null && running.halves() ? List.of(nothing(running.product(), writer)) : List.of();
  }

  @Override
  public void enter(Operation loop, List<Value> carried) {
    carried.forEach(half -> halves.put(loop, half));
  }

  @Override
  public List<Value> next(Operation loop) {
    return halves.containsKey(loop) ? List.of(halves.get(loop)) : List.of();
  }

  private static Value waited(Value begun, int pending, GroupWriter writer) {
    return writer.builder().create("kcc.mma_wait").operand(begun)
        .attribute("pending", Attributes.i32(begun.type().context(), pending)).result(begun.type()).value();
  }

  /// The product as one that runs on into the next step of its loop, or null.
  private RunningProduct running(Operation product) {
    Operation loop = product.parent();
    RunningProduct running = loop.is("scf.for") ? RunningProduct.of(loop, plan) : null;
    return running != null && running.product().equals(product) ? running : null;
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
  public void store(CopiedStore store, GroupWriter writer) {
    writer.builder().create("kcc.copy_out").operands(writer.of(store.store().operand(0)), maps.get(store.map()))
        .operands(writer.offsets(store.access())).build();
  }

  @Override
  public void done(Specialization.Ring ring, GroupWriter writer) {
    RunningProduct running = running(ring.last());
    if (running == null) {
      for (Begun product : begun) {
        if (product.product.equals(ring.last())) {
          product.rings.add(ring);
          return;
        }
      }
      release(ring, writer);
      return;
    }
    if (!running.halves()) {
      releaseBefore(running, ring, writer);
    }
  }

  /// This step's factors are still read; those of the step before are not.
  private void releaseBefore(RunningProduct running, Specialization.Ring ring, GroupWriter writer) {
    Operation loop = running.loop();
    Value isLater = compare("sgt", writer.of(loop.region(0).first().argument(0)), writer.of(loop.operand(0)), writer);
    release(ring, taken.get(ring), isLater, writer);
  }

  private void release(Specialization.Ring ring, GroupWriter writer) {
    writer.builder().create("kcc.release").operands(writer.channel(ring), taken.get(ring)).build();
  }

  @Override
  public void leave(Operation loop, GroupWriter writer) {
    RunningProduct running = RunningProduct.of(loop, plan);
    if (running != null) {
      Value result = loop.result(running.carried());
      writer.bind(result, running.halves() ? add(writer.of(result), waited(halves.get(loop), 0, writer), writer)
          : waited(writer.of(result), 0, writer));
      Value hasRun = compare("slt", writer.of(loop.operand(0)), writer.of(loop.operand(1)), writer);
      running.rings().forEach(ring -> release(ring, writer.position(ring), hasRun, writer));
    }
  }

  /// Gives back the slot before a position, if a condition holds.
  private static void release(Specialization.Ring ring, Value position, Value condition, GroupWriter writer) {
    Value before = writer.builder().create("arith.addi").operands(position, writer.builder().constant(position.type(), -1))
        .result(position.type()).value();
    writer.builder().create("kcc.release").operands(writer.channel(ring), before, condition).build();
  }

  private static Value compare(String predicate, Value left, Value right, GroupWriter writer) {
    return Scalars.compare(writer.builder(), predicate, left, right);
  }
}
