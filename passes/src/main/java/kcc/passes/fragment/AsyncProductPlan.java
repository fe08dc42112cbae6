// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.passes.layout.LinearLayout;

/// An asynchronous product as instructions of a warp group, all of them over the whole depth of the factors.
///
/// @param warpRows what the set bits of a warp's number add to the rows of its warp group
/// @param steps    in the order in which they are begun
record AsyncProductPlan(List<Integer> warpRows, List<Step> steps) {
    /// One accumulator.
    ///
    /// @param row         its first row in the box of the warp group
    /// @param column      its first column in the tile
    /// @param accumulator its registers in the order of the instruction's fragment
    record Step(int row, int column, List<Integer> accumulator) {
        Step {
            accumulator = List.copyOf(accumulator);
        }
    }

    private record Cell(int row, int column) {}

    AsyncProductPlan {
        warpRows = List.copyOf(warpRows);
        steps = List.copyOf(steps);
    }

    /// @param m rows and `n` columns of one instruction
    /// @throws IllegalArgumentException if the accumulator is not made of such instructions
    static AsyncProductPlan of(Registers accumulator, int m, int n) {
        LinearLayout layout = accumulator.layout();
        Map<Cell, List<Integer>> cells = new LinkedHashMap<>();
        for (int register : accumulator.distinct()) {
            int[] place = layout.unpack(layout.apply(layout.input(REGISTER, register)));
            cells.computeIfAbsent(new Cell(place[0] / m, place[1] / n), _ -> new ArrayList<>()).add(register);
        }
        List<Integer> warpRows = new ArrayList<>();
        for (int bit = 0; bit < layout.inputBits(WARP); bit++) {
            int[] place = layout.unpack(layout.basis(WARP, bit));
            if (place[1] != 0) {
                throw new IllegalArgumentException("layout " + layout + " sets warps side by side along rows");
            }
            // Warps of one group share an instruction and its rows.
            warpRows.add(place[0] / m * m);
        }
        List<Step> steps = new ArrayList<>();
        cells.forEach((cell, registers) -> steps.add(new Step(cell.row * m, cell.column * n, registers)));
        return new AsyncProductPlan(warpRows, steps);
    }
}
