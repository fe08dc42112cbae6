// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.passes.channel.BufferType;
import kcc.passes.tile.ViewAccess;

/// Copies a kernel's body into the function of a group: loops that use channels count their positions, everything else is
/// as it was, and what a group does with factors and products is its own ([Role]).
final class GroupWriter {

  /// What is special about a group.
  interface Role {
    /// Whether the group computes an operation that has nothing to do with channels.
    boolean keeps(Operation op);

    /// Whether the group needs a value that a loop carries, given as the argument of the loop's body.
    boolean carries(Value argument);

    /// Whether the group fills or reads the slots of a channel.
    boolean uses(Specialization.Ring ring);

    /// Writes what becomes of a factor that goes through a channel.
    void factor(Specialization.Slot slot, GroupWriter writer);

    // What concerns groups that multiply; others do nothing there.

    /// Writes what has to come before an operation, which may be the last of a block.
    default void before(Operation op, GroupWriter writer) {}

    /// Writes what becomes of a product.
    default void product(AsyncProduct product, GroupWriter writer) {}

    /// Writes what becomes of a store that the copy engine does.
    default void store(CopiedStore store, GroupWriter writer) {}

    /// Writes what follows the last use of a slot.
    default void done(Specialization.Ring ring, GroupWriter writer) {}

    /// What a loop that uses channels has to carry besides: the first values, given in front of it.
    default List<Value> carried(Operation loop, GroupWriter writer) {
      return List.of();
    }

    /// The same values in the loop, where it begins, as they are for the next step, and behind it.
    default void enter(Operation loop, List<Value> carried) {}

    default List<Value> next(Operation loop) {
      return List.of();
    }

    /// Writes what follows a loop that uses channels.
    default void leave(Operation loop, GroupWriter writer) {}
  }

  private final Specialization plan;
  private final Role role;
  private final Map<Value, Value> values = new HashMap<>();
  private final Map<Specialization.Ring, Value> channels = new HashMap<>();
  private final Map<Specialization.Ring, Value> positions = new HashMap<>();
  private OpBuilder builder;

  private GroupWriter(Specialization plan, Role role) {
    this.plan = plan;
    this.role = role;
  }

  /// @param entry of the group's function; its arguments are those of the kernel, tensor maps, and the channels
  static void write(Specialization plan, Role role, Operation kernel, Block entry) {
    GroupWriter writer = new GroupWriter(plan, role);
    Block old = kernel.region(0).first();
    for (Value argument : old.arguments()) {
      writer.values.put(argument, entry.argument(argument.index()));
    }
    writer.builder = OpBuilder.atEnd(entry).at(kernel.location());
    int first = entry.argumentCount() - plan.channels().size();
    for (int i = 0; i < plan.channels().size(); i++) {
      writer.channels.put(plan.channels().get(i), entry.argument(first + i));
      writer.positions.put(plan.channels().get(i), writer.builder.constant(Types.i(kernel.context(), 32), 0));
    }
    writer.block(old);
    writer.builder.create("gpu.return").build();
  }

  OpBuilder builder() {
    return builder;
  }

  Value channel(Specialization.Ring ring) {
    return channels.get(ring);
  }

  Value position(Specialization.Ring ring) {
    return positions.get(ring);
  }

  /// Waits for the slot at a channel's position to be free: its buffers.
  List<Value> acquire(Specialization.Ring ring) {
    return builder.create("kcc.acquire").operands(channel(ring), position(ring))
        .results(ring.type().buffers().stream().map(BufferType::type).toList()).build().results();
  }

  /// Hands over the slot at a channel's position, and goes on to the next.
  void put(Specialization.Ring ring) {
    builder.create("kcc.put").operands(channel(ring), position(ring)).build();
    advance(ring);
  }

  /// Goes on to the next position of a channel.
  void advance(Specialization.Ring ring) {
    Value position = positions.get(ring);
    Value next = builder.create("arith.addi").operands(position, builder.constant(position.type(), 1))
        .result(position.type()).value();
    positions.put(ring, next);
  }

  Value of(Value old) {
    Value value = values.get(old);
    if (value == null) {
      throw new IllegalStateException("value " + old + " is not computed by this group");
    }
    return value;
  }

  /// Where a tile begins, as the copy engine counts: in 32 bits, and arrays it can describe are no longer than that (CUDA
  /// Driver API, cuTensorMapEncodeTiled, globalDim).
  List<Value> offsets(ViewAccess access) {
    Type i32 = Types.i(access.op().context(), 32);
    List<Value> offsets = new ArrayList<>();
    for (Value old : access.offsets()) {
      Value offset = of(old);
      offsets.add(offset.type().equals(i32) ? offset : builder.create("arith.trunci").operand(offset).result(i32).value());
    }
    return offsets;
  }

  void bind(Value old, Value value) {
    values.put(old, value);
  }

  /// Computes an operation as the kernel did.
  void copy(Operation op) {
    MappedCopy.insert(op, values, builder);
  }

  private void block(Block from) {
    for (Operation op : from.operations()) {
      builder.at(op.location());
      role.before(op, this);
      if (op.equals(from.terminator())) {
        return;
      }
      Specialization.Slot slot = plan.slot(op);
      if (slot != null) {
        role.factor(slot, this);
      } else if (plan.products().containsKey(op)) {
        role.product(plan.products().get(op), this);
      } else if (plan.stores().containsKey(op)) {
        role.store(plan.stores().get(op), this);
      } else if (op.is("scf.for") && !plan.channelsIn(op).isEmpty()) {
        if (role.keeps(op)) {
          loop(op);
        }
      } else if (role.keeps(op)) {
        copy(op);
      }
      for (Specialization.Ring ring : plan.channels()) {
        if (ring.last().equals(op)) {
          role.done(ring, this);
        }
      }
    }
  }

  private void loop(Operation loop) {
    Block body = loop.region(0).first();
    List<Specialization.Ring> inside = plan.channelsIn(loop).stream().filter(role::uses).toList();
    List<Integer> kept = new ArrayList<>();
    List<Value> inits = new ArrayList<>();
    for (int i = 1; i < body.argumentCount(); i++) {
      if (role.carries(body.argument(i))) {
        kept.add(i - 1);
        inits.add(of(loop.operand(2 + i)));
      }
    }
    inside.forEach(ring -> inits.add(positions.get(ring)));
    List<Value> more = role.carried(loop, this);
    inits.addAll(more);
    List<Type> types = inits.stream().map(Value::type).toList();
    OpBuilder around = builder;
    OpSpec spec = builder.create("scf.for");
    loop.operands().subList(0, 3).forEach(bound -> spec.operand(of(bound)));
    for (Map.Entry<String, Attribute> attribute : loop.attributes().entrySet()) {
      if (!attribute.getKey().equals("operandSegmentSizes")) {
        spec.attribute(attribute.getKey(), attribute.getValue());
      }
    }
    Operation copy = spec.operands(inits).results(types).region(region -> {
      List<Type> arguments = new ArrayList<>(List.of(body.argument(0).type()));
      arguments.addAll(types);
      Block block = region.appendBlock(arguments, loop.location());
      values.put(body.argument(0), block.argument(0));
      for (int i = 0; i < kept.size(); i++) {
        values.put(body.argument(1 + kept.get(i)), block.argument(1 + i));
      }
      for (int i = 0; i < inside.size(); i++) {
        positions.put(inside.get(i), block.argument(1 + kept.size() + i));
      }
      role.enter(loop, block.arguments().subList(types.size() + 1 - more.size(), types.size() + 1));
      builder = OpBuilder.atEnd(block).at(loop.location());
      block(body);
      List<Value> next = new ArrayList<>();
      kept.forEach(i -> next.add(of(body.terminator().operand(i))));
      inside.forEach(ring -> next.add(positions.get(ring)));
      next.addAll(role.next(loop));
      builder.at(body.terminator().location()).create("scf.yield").operands(next).build();
    }).build();
    builder = around;
    for (int i = 0; i < kept.size(); i++) {
      values.put(loop.result(kept.get(i)), copy.result(i));
    }
    for (int i = 0; i < inside.size(); i++) {
      positions.put(inside.get(i), copy.result(kept.size() + i));
    }
    role.enter(loop, copy.results().subList(types.size() - more.size(), types.size()));
    role.leave(loop, this);
  }
}
