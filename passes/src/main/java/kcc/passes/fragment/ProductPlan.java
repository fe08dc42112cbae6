// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kcc.passes.layout.LinearLayout;

/// A product of tiles as matrix instructions, or as multiply-adds of scalars.
///
/// @param steps in the order in which they are written; each accumulates into its registers of the result
record ProductPlan(List<Step> steps) {
    /// One instruction: registers of A, of B, and of the accumulator, in the order of the instruction's fragments.
    record Step(List<Integer> a, List<Integer> b, List<Integer> accumulator) {}

    /// Place of a register's element among the instructions of its warp.
    private record Cell(int row, int column) {}

    ProductPlan {
        steps = List.copyOf(steps);
    }

    /// Depth is walked outermost: neighbouring instructions have different accumulators and do not wait for each other.
    ///
    /// @throws IllegalArgumentException if the layouts are not made of instructions of that shape, or do not fit together
    static ProductPlan of(Registers a, Registers b, Registers accumulator, int m, int n, int k) {
        for (String place : m * n * k == 1 ? List.of(LANE, WARP) : List.of(WARP)) {
            requireSameBoxes(a.layout(), accumulator.layout(), place, 0);
            requireSameBoxes(b.layout(), accumulator.layout(), place, 1);
        }
        Map<Cell, List<Integer>> cellsOfA = cells(a, m, k);
        Map<Cell, List<Integer>> cellsOfB = cells(b, k, n);
        Map<Cell, List<Integer>> cellsOfD = cells(accumulator, m, n);
        int depth = a.layout().shape()[1] / k;
        List<Step> steps = new ArrayList<>();
        for (int step = 0; step < depth; step++) {
            for (Map.Entry<Cell, List<Integer>> cell : cellsOfD.entrySet()) {
                List<Integer> ofA = cellsOfA.get(new Cell(cell.getKey().row, step));
                List<Integer> ofB = cellsOfB.get(new Cell(step, cell.getKey().column));
                if (ofA == null || ofB == null) {
                    throw new IllegalArgumentException("the operands lack what row " + cell.getKey().row * m + ", column "
                            + cell.getKey().column * n + ", depth " + step * k + " of the product needs");
                }
                steps.add(new Step(ofA, ofB, cell.getValue()));
            }
        }
        return new ProductPlan(steps);
    }

    /// A thread's rows of A are those of its accumulators, its columns of B too, and it holds all of the depth.
    private static void requireSameBoxes(LinearLayout operand, LinearLayout accumulator, String place, int axis) {
        for (int bit = 0; bit < operand.inputBits(place); bit++) {
            int[] ofOperand = operand.unpack(operand.basis(place, bit));
            int[] ofAccumulator = accumulator.unpack(accumulator.basis(place, bit));
            if (ofOperand[axis] != ofAccumulator[axis] || ofOperand[1 - axis] != 0) {
                throw new IllegalArgumentException("operand layout " + operand + " does not fit the accumulator's " + accumulator);
            }
        }
    }

    private static Map<Cell, List<Integer>> cells(Registers registers, int rows, int columns) {
        LinearLayout layout = registers.layout();
        Map<Cell, List<Integer>> cells = new LinkedHashMap<>();
        int size = 0;
        for (int register : registers.distinct()) {
            int[] place = layout.unpack(layout.apply(layout.input(REGISTER, register)));
            List<Integer> cell = cells.computeIfAbsent(new Cell(place[0] / rows, place[1] / columns), _ -> new ArrayList<>());
            cell.add(register);
            size = Math.max(size, cell.size());
        }
        for (List<Integer> cell : cells.values()) {
            if (cell.size() != size) {
                throw new IllegalArgumentException("layout " + layout + " is not made of boxes of " + rows + "x" + columns);
            }
        }
        return cells;
    }
}
