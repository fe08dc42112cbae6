// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.Partner;

/// The comparisons of a bitonic sorting network (Batcher 1968), or the one step of a reversal.
///
/// Blocks of 2, 4, 8, ... are made sorted, each by comparing element i of a block with its mirror image, which is
/// `i ^ (size - 1)`, and then with its neighbours at half the block, a quarter, ... The smaller element always goes to the
/// smaller index, so no step has a direction.
///
/// @param offsets for each operand the byte of the scratch at which its elements begin
/// @param bytes   bytes of scratch in shared memory, 0 for none
record SortPlan(List<Partner> steps, List<Long> offsets, long bytes) {
    SortPlan {
        steps = List.copyOf(steps);
        offsets = List.copyOf(offsets);
    }

    /// @param isBitonic    whether only the last block is to be merged
    /// @param elementBytes bytes of an element of each operand
    static SortPlan sort(Registers registers, int axis, boolean isBitonic, List<Integer> elementBytes) {
        int size = registers.layout().shape()[axis];
        List<Integer> masks = new ArrayList<>();
        for (int block = isBitonic ? size : 2; block <= size && size > 1; block *= 2) {
            masks.add(isBitonic ? block / 2 : block - 1);
            for (int distance = block / 4; distance > 0; distance /= 2) {
                masks.add(distance);
            }
        }
        return of(registers, axis, masks, elementBytes);
    }

    static SortPlan reversal(Registers registers, int axis, int elementBytes) {
        return of(registers, axis, List.of(registers.layout().shape()[axis] - 1), List.of(elementBytes));
    }

    private static SortPlan of(Registers registers, int axis, List<Integer> masks, List<Integer> elementBytes) {
        LinearLayout layout = registers.layout();
        List<Partner> steps = new ArrayList<>();
        boolean throughMemory = false;
        for (int mask : masks) {
            Partner step = Partner.of(layout, axis, mask);
            throughMemory |= step.warps() != 0;
            steps.add(step);
        }
        long threads = (long) layout.inputSize(LinearLayout.LANE) * layout.inputSize(LinearLayout.WARP);
        List<Long> offsets = new ArrayList<>();
        long bytes = 0;
        for (int each : elementBytes) {
            offsets.add(bytes);
            bytes += throughMemory ? threads * registers.distinct().size() * each + 15 & -16 : 0;
        }
        return new SortPlan(steps, offsets, bytes);
    }

    ScratchNeed scratch() {
        return bytes == 0 ? null : new ScratchNeed(bytes, ScratchNeed.WIDEST);
    }
}
