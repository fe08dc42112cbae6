// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToIntFunction;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Vectorization;

/// `kcc.reduce_scatter` as stores into the shared memory of other blocks and sums of what they have stored into this one's
/// ([ReduceScatterPlan]).
///
/// ```text
///   slots of each element's owner [own number] = element
///   kcc.cluster_arrive, kcc.cluster_wait
///   part = own slots [0] + own slots [1] + ...
/// ```
///
/// The blocks meet once, so that none of them touches another's memory behind that meeting, and each may end when it likes.
final class ReduceScatterLowering {
  private final FragmentPlan plan;
  private final Values values;
  private final ThreadBits thread;
  private final Scratch scratch;

  ReduceScatterLowering(FragmentPlan plan, Values values, ThreadBits thread, Scratch scratch) {
    this.plan = plan;
    this.values = values;
    this.thread = thread;
    this.scratch = scratch;
  }

  void lower(Operation op, Emitter emitter) {
    ReduceScatterPlan sum = plan.blockSums().get(op);
    push(op, sum, emitter);
    emitter.clusterBarrier();
    values.bind(op.result(), received(op, sum, emitter));
  }

  private void push(Operation op, ReduceScatterPlan sum, Emitter emitter) {
    LinearLayout layout = sum.whole().layout();
    Vectorization vectors = sum.vectors(sum.whole());
    List<Value> tile = values.of(op.operand(0));
    Value slot = emitter.shiftLeft(thread.block(), Integer.numberOfTrailingZeros(sum.slotBytes()));
    Value owner = ofThread(layout, sum::owner);
    Part place = part(layout, sum::place);
    emitter.onlyIf(thread.areZero(layout.freeBits(LANE), layout.freeBits(WARP)), inside -> {
      Map<Integer, SharedScratch> owners = new HashMap<>();
      for (int vector = 0; vector < vectors.vectors(); vector++) {
        long element = layout.apply(layout.input(REGISTER, vectors.register(vector, 0)));
        SharedScratch there = owners.computeIfAbsent(sum.owner(element), ofRegister -> scratch.slotsOf(op,
            owner == null ? inside.i32(ofRegister) : inside.xor(owner, inside.i32(ofRegister)), inside));
        List<Value> neighbours = new ArrayList<>();
        for (int i = 0; i < vectors.width(); i++) {
          neighbours.add(tile.get(vectors.register(vector, i)));
        }
        there.store(neighbours, inside.add(slot, place.at(sum.place(element), inside)), inside);
      }
    });
  }

  private List<Value> received(Operation op, ReduceScatterPlan sum, Emitter emitter) {
    LinearLayout layout = sum.part().layout();
    Vectorization vectors = sum.vectors(sum.part());
    Type element = op.result().type().elementOrSelf();
    Part place = part(layout, sum::place);
    SharedScratch slots = scratch.slots(op);
    Value[] sums = new Value[sum.part().count()];
    for (int vector = 0; vector < vectors.vectors(); vector++) {
      Value offset = place.at(sum.place(layout.apply(layout.input(REGISTER, vectors.register(vector, 0)))), emitter);
      for (int block = 0; block < sum.blocks(); block++) {
        List<Value> more = slots.from((long) block * sum.slotBytes()).load(element, vectors.width(), offset, emitter);
        for (int i = 0; i < vectors.width(); i++) {
          int register = vectors.register(vector, i);
          sums[register] = block == 0 ? more.get(i)
              : emitter.binary(element.isFloat() ? "arith.addf" : "arith.addi", sums[register], more.get(i));
        }
      }
    }
    return sum.part().fill(register -> sums[register]);
  }

  /// A number that is the XOR of what thread and register contribute.
  ///
  /// @param thread null where threads contribute nothing
  /// @param mask   the bits to which they do
  private record Part(Value thread, int mask) {
    Value at(int ofRegister, Emitter emitter) {
      if (thread == null) {
        return emitter.i32(ofRegister);
      }
      return (ofRegister & mask) == 0 ? emitter.add(thread, emitter.i32(ofRegister))
          : emitter.xor(thread, emitter.i32(ofRegister));
    }
  }

  private Part part(LinearLayout layout, LongToIntFunction of) {
    int mask = 0;
    for (String input : List.of(LANE, WARP)) {
      for (int bits : ReduceScatterPlan.contributions(layout, input, of)) {
        mask |= bits;
      }
    }
    return new Part(ofThread(layout, of), mask);
  }

  private Value ofThread(LinearLayout layout, LongToIntFunction of) {
    return thread.sum(ReduceScatterPlan.contributions(layout, LANE, of), ReduceScatterPlan.contributions(layout, WARP, of));
  }
}
