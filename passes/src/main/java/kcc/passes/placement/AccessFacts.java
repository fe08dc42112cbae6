// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.layout.MachineLayouts;
import kcc.passes.layout.Vectorization.AddressFacts;

/// How a load, store or atomic update of a tile runs through memory.
///
/// @param shape sizes of the tile
/// @param fastest the dimension along which neighbours have neighbouring addresses
/// @param vectorElements the most elements along `fastest` that one access of a lane can move where its mask is true; lanes
///     in which a mask ends go element by element
/// @param mostElements the most elements that any access of a lane can move
record AccessFacts(List<Integer> shape, int fastest, int vectorElements, int mostElements) {

    /// @param fillsSlots whether the access is in a group that fills slots
    static AccessFacts of(Operation access, AxisAnalysis axes, boolean fillsSlots) {
        Value offsets = TileOps.offsets(access);
        List<Integer> shape = TensorType.of(offsets.type()).shape().stream().map(Math::toIntExact).toList();
        int fastest = shape.size() - 1;
        AddressFacts best = axes.address(access, fastest);
        for (int axis = shape.size() - 2; axis >= 0; axis--) {
            AddressFacts facts = axes.address(access, axis);
            if (facts.contiguity() > best.contiguity()) {
                best = facts;
                fastest = axis;
            }
        }
        long bytes = AxisAnalysis.pointeeBytes(TileOps.base(access).type());
        int most = (int) Math.max(1, MachineLayouts.WIDEST_ACCESS_BYTES / bytes);
        // A load of a window of positions, or of what goes into a slot, may begin anywhere: its vectors are put together from
        // two that are aligned.
        boolean isShifted = access.is("kcc.load") && (fillsSlots || access.hasAttribute("kcc.window"));
        AddressFacts facts = isShifted ? new AddressFacts(best.contiguity(), Math.max(best.alignment(), most), best.constancy()) : best;
        return new AccessFacts(shape, fastest, Math.clamp(facts.unmasked().widest(), 1, most), most);
    }
}
