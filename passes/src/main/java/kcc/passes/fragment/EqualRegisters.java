// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.AxisFacts;
import kcc.passes.layout.LinearLayout;

/// Masks that are the same for all elements of a vector: one comparison instead of one for each element, and one predicate
/// register, of which NVIDIA's threads have seven.
final class EqualRegisters {
    /// On comparisons of tiles: along each dimension, how many neighbours are known to be equal.
    static final String CONSTANCY = "kcc.constancy";

    private EqualRegisters() {}

    /// Notes on each comparison what the analysis knows, while there are tiles to know it of.
    static void mark(Operation function) {
        AxisAnalysis axes = AxisAnalysis.of(function);
        for (Operation comparison : function.find("arith.cmpi")) {
            if (TileTypes.isTile(comparison.result())) {
                int[] constancy = axes.facts(comparison.result()).axes().stream()
                        .map(AxisFacts.Axis::constancy).mapToInt(Math::toIntExact).toArray();
                if (Arrays.stream(constancy).anyMatch(neighbours -> neighbours > 1)) {
                    comparison.setAttribute(CONSTANCY, Attributes.denseI32(comparison.context(), constancy));
                }
            }
        }
    }

    /// For each register the lowest one that holds the same value in every thread.
    static List<Integer> of(Operation op, Registers registers) {
        Attribute constancy = op.attribute(CONSTANCY);
        if (constancy == null || registers.layout() == null) {
            return registers.originals();
        }
        LinearLayout layout = registers.layout();
        int[] groups = constancy.asLongs().stream().mapToInt(Math::toIntExact).toArray();
        for (String threads : List.of(LinearLayout.LANE, LinearLayout.WARP)) {
            for (long basis : layout.bases(threads)) {
                int[] step = layout.unpack(basis);
                for (int axis = 0; axis < groups.length; axis++) {
                    // Where lanes divide a group, a register is in another group than its neighbour for some of them.
                    groups[axis] = step[axis] == 0 ? groups[axis] : Math.min(groups[axis], Integer.lowestOneBit(step[axis]));
                }
            }
        }
        Map<List<Integer>, Integer> first = new HashMap<>();
        List<Integer> originals = new ArrayList<>();
        for (int register = 0; register < registers.count(); register++) {
            int[] place = layout.unpack(layout.apply(layout.input(LinearLayout.REGISTER, register)));
            List<Integer> group = new ArrayList<>();
            for (int axis = 0; axis < groups.length; axis++) {
                group.add(place[axis] / groups[axis]);
            }
            Integer holder = first.putIfAbsent(group, register);
            originals.add(holder == null ? register : holder);
        }
        return originals;
    }
}
