// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.layout.Conversion;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.ReductionPlan;

/// A reduction of one or more tiles: what is combined with what, and how the parts of warps and blocks meet.
///
/// @param acrossWarps one conversion for each operand, or none if warps have nothing to combine
/// @param acrossBlocks how the blocks of a cluster hand each other what each has combined; null if they have nothing to combine
/// @param result      from the plan's result to the layout of the operation's results, one for each operand
/// @param combinesInitial whether the initial values are more than the identity of the combine function
record ReductionSteps(ReductionPlan plan, List<Conversion.SharedMemory> acrossWarps, BlockExchange acrossBlocks,
        List<Conversion> result, boolean combinesInitial) {
    ReductionSteps {
        acrossWarps = List.copyOf(acrossWarps);
        result = List.copyOf(result);
    }

    /// The layout of a tile as one with the reduced dimensions in one dimension behind the others.
    static LinearLayout gathered(LinearLayout layout, List<Integer> axes) {
        int[] shape = layout.shape();
        List<Integer> order = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        int reduced = 1;
        for (int axis = 0; axis < shape.length; axis++) {
            if (!axes.contains(axis)) {
                order.add(axis);
                sizes.add(shape[axis]);
            } else {
                reduced *= shape[axis];
            }
        }
        order.addAll(axes.stream().sorted().toList());
        sizes.add(reduced);
        return layout.transpose(order.stream().mapToInt(i -> i).toArray()).reshape(sizes.stream().mapToInt(i -> i).toArray());
    }

    /// Scratch for all exchanges side by side, so that one barrier serves all operands; null if none is needed.
    ScratchNeed scratch() {
        List<Conversion.SharedMemory> exchanges = exchanges();
        if (exchanges.isEmpty()) {
            return null;
        }
        return new ScratchNeed(offset(exchanges.getLast()) + exchanges.getLast().bytes(), ScratchNeed.WIDEST);
    }

    /// Where an exchange's part of the scratch begins.
    long offset(Conversion.SharedMemory exchange) {
        long offset = 0;
        for (Conversion.SharedMemory earlier : exchanges()) {
            if (earlier == exchange) {
                return offset;
            }
            offset = offset + earlier.bytes() + ScratchNeed.WIDEST - 1 & -ScratchNeed.WIDEST;
        }
        throw new IllegalArgumentException("no exchange of this reduction");
    }

    private List<Conversion.SharedMemory> exchanges() {
        List<Conversion.SharedMemory> exchanges = new ArrayList<>(acrossWarps);
        for (Conversion conversion : result) {
            if (conversion instanceof Conversion.SharedMemory shared) {
                exchanges.add(shared);
            }
        }
        return exchanges;
    }
}
