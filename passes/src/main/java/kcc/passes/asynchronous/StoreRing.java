// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.asynchronous;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.layout.SwizzledBoxes;
import kcc.passes.protocol.Position;
import kcc.passes.protocol.Protocol;
import kcc.passes.protocol.Step;

/// The ring of boxes through which a warp group hands tiles to the copy engine, as one of its agents uses it.
///
/// A slot is known by the constant part of its addresses. Positions are made up: each write is the next one of its slot,
/// and behind the last slot of the ring the agent's counter goes on by a round.
final class StoreRing {
  private static final String COUNTER = "out";

  private final String name;
  private final List<Long> slots;
  private final TreeSet<Integer> written = new TreeSet<>();
  /// Positions behind the counter: the last one written, and that of what lies in each slot.
  private int last = -1;
  private final Map<Integer, Integer> content = new HashMap<>();

  private StoreRing(String name, List<Long> slots) {
    this.name = name;
    this.slots = slots;
  }

  /// Null for a group that stores nothing so.
  static StoreRing of(Operation function, String agent) {
    TreeSet<Long> slots = new TreeSet<>();
    function.find("kcc.bulk_store").forEach(store -> slots.add(constantPart(store.operand(0))));
    return slots.isEmpty() ? null : new StoreRing("out of " + agent, List.copyOf(slots));
  }

  Protocol.Buffer buffer() {
    return new Protocol.Buffer(name, name, slots.size(), slots.getFirst(), SwizzledBoxes.BYTES);
  }

  /// The steps of an operation of this ring, and of one around it.
  List<Step> steps(Operation op) {
    List<Step> steps = new ArrayList<>();
    op.walkPreOrder(inner -> step(inner, steps));
    return steps;
  }

  private void step(Operation op, List<Step> steps) {
    switch (op.name()) {
      case "kcc.bulk_wait" -> steps.add(new Step.Await(Step.Kind.STORE, op.attribute("pending").asInt()));
      case "llvm.store" -> {
        int slot = slots.indexOf(constantPart(op.operand(1)));
        if (slot >= 0) {
          written.add(slot);
        }
      }
      // Threads' own stores count from the fence on that shows them to the engine.
      case "kcc.fence_async" -> {
        for (int slot : written) {
          last = last + 1 + Math.floorMod(slot - last - 1, slots.size());
          content.put(slot, last);
          steps.add(new Step.Write(at(last)));
        }
        written.clear();
        steps.add(new Step.Fence());
      }
      case "kcc.bulk_store" -> {
        int slot = slots.indexOf(constantPart(op.operand(0)));
        steps.add(new Step.Store(at(content.getOrDefault(slot, slot))));
        if (slot == slots.size() - 1 && last >= 0) {
          steps.add(new Step.Advance(COUNTER, Step.Trips.of(last + 1)));
          last = -1;
          content.clear();
        }
      }
      default -> { }
    }
  }

  private Step.At at(int position) {
    return new Step.At(name, Position.of(COUNTER, 1).plus(position));
  }

  /// What constants add to an address in shared memory; addresses elsewhere are in no slot.
  private static long constantPart(Value address) {
    long sum = 0;
    Value from = address;
    while (from.definingOp() != null && from.definingOp().is("llvm.getelementptr")) {
      for (long index : from.definingOp().attribute("rawConstantIndices").asLongs()) {
        sum += index == Integer.MIN_VALUE ? 0 : index;
      }
      from = from.definingOp().operand(0);
    }
    return from.definingOp() != null && from.definingOp().is("kcc.shared_base") ? sum : -1;
  }
}
