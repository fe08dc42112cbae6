// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.layout.LinearLayout;

/// A scan along one axis of a tile, bit by bit of the coordinate, lowest first.
///
/// Before the step of bit j every element knows its prefix inside of its block of 2^j neighbours, and the block its total.
/// The step joins two blocks: the prefixes of the upper one get the total of the lower one in front. Whether the blocks lie
/// in two registers, lanes or warps only decides how the total gets there; any order of them is possible.
///
/// @param bytes bytes of scratch in shared memory, 0 for none
record ScanPlan(List<Step> steps, long bytes) {
    ScanPlan {
        steps = List.copyOf(steps);
    }

    sealed interface Step {}

    /// The blocks are in registers that differ in one bit.
    record InRegisters(int bit) implements Step {}

    /// The blocks are in lanes that differ in one bit.
    record InLanes(int bit) implements Step {}

    /// The blocks are in warps: several bits at once, lowest first, because all totals meet in shared memory anyway.
    ///
    /// @param offsets for each operand the byte of the scratch at which its totals begin
    record InWarps(List<Integer> bits, List<Long> offsets) implements Step {
        InWarps {
            bits = List.copyOf(bits);
            offsets = List.copyOf(offsets);
        }
    }

    /// @param elementBytes bytes of an element of each operand
    /// @throws IllegalArgumentException if a bit of the coordinate is not that of one register, lane or warp bit
    static ScanPlan of(Registers registers, int axis, List<Integer> elementBytes) {
        LinearLayout layout = registers.layout();
        int size = layout.shape()[axis];
        long threads = (long) layout.inputSize(LANE) * layout.inputSize(WARP);
        int groups = registers.distinct().size();
        List<Step> steps = new ArrayList<>();
        List<Integer> warps = new ArrayList<>();
        long bytes = 0;
        for (int coordinate = 1; coordinate < size; coordinate *= 2) {
            int warp = bitOf(layout, WARP, axis, coordinate);
            if (warp >= 0) {
                warps.add(warp);
                if (2 * coordinate < size && bitOf(layout, WARP, axis, 2 * coordinate) >= 0) {
                    continue;
                }
                List<Long> offsets = new ArrayList<>();
                for (int each : elementBytes) {
                    offsets.add(bytes);
                    bytes += threads * groups * each + 15 & -16;
                }
                steps.add(new InWarps(warps, offsets));
                warps = new ArrayList<>();
                continue;
            }
            int lane = bitOf(layout, LANE, axis, coordinate);
            int register = bitOf(layout, REGISTER, axis, coordinate);
            if (lane < 0 && register < 0) {
                throw new IllegalArgumentException("coordinate " + coordinate + " of dimension " + axis
                        + " is not that of one register, lane or warp bit in " + layout);
            }
            steps.add(register >= 0 ? new InRegisters(register) : new InLanes(lane));
            groups /= register >= 0 ? 2 : 1;
        }
        return new ScanPlan(steps, bytes);
    }

    ScratchNeed scratch() {
        return bytes == 0 ? null : new ScratchNeed(bytes, ScratchNeed.WIDEST);
    }

    /// The bit of an input that moves by exactly this coordinate; -1 if there is none.
    private static int bitOf(LinearLayout layout, String input, int axis, int coordinate) {
        int found = -1;
        for (String place : List.of(REGISTER, LANE, WARP)) {
            for (int bit = 0; bit < layout.inputBits(place); bit++) {
                int[] basis = layout.unpack(layout.basis(place, bit));
                if ((basis[axis] & coordinate) == 0) {
                    continue;
                }
                int others = 0;
                for (int other = 0; other < basis.length; other++) {
                    others |= other == axis ? 0 : basis[other];
                }
                if (basis[axis] != coordinate || others != 0) {
                    return -1;
                }
                if (found >= 0) {
                    // Two places of one coordinate: the element whose bits are both set is another one.
                    throw new IllegalArgumentException("coordinate " + coordinate + " of dimension " + axis
                            + " is that of several bits in " + layout);
                }
                found = place.equals(input) ? bit : Integer.MAX_VALUE;
            }
        }
        return found == Integer.MAX_VALUE ? -1 : found;
    }
}
