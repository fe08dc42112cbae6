// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.SwizzledBoxes;
import kcc.passes.tile.Arguments;

/// A tile that the copy engine writes: which boxes it consists of, and the scratch they pass through.
///
/// Each warp group has a ring of two boxes in shared memory: while the engine reads one, the other is filled. All copies of
/// a function use the same ring. What keeps them apart: behind each copy at most one box of a warp group is still read, and
/// that is the last of its ring, because a copy of several boxes ends there and a copy of one box uses only that one.
///
/// @param boxes        in the order in which they are written
/// @param rowDimension dimension of the array that the tile's rows lie along
record CopyOutPlan(SwizzledBoxes boxes, int rowDimension) {
    static final int SLOTS = 2;
    static final int RING_BYTES = SLOTS * SwizzledBoxes.BYTES;

    /// @throws IllegalArgumentException if the tile or the map is not made of such boxes
    static CopyOutPlan of(Operation op, LinearLayout layout, Operation function) {
        int bytes = SharedScratch.bytesOf(op.operand(0).type().elementOrSelf());
        Value map = op.operand(1);
        Attribute box = map.isBlockArgument() ? Arguments.attributes(function, map.index()).get("kcc.box") : null;
        int rank = op.operandCount() - 2;
        if (box == null || box.asLongs().size() != rank) {
            throw new IllegalArgumentException("the box of its map is not known, or has another rank");
        }
        List<Long> extents = box.asLongs();
        int rows = extents.subList(0, rank - 1).indexOf((long) SwizzledBoxes.ROWS);
        long elements = extents.stream().reduce(1L, (a, b) -> a * b);
        if (rows < 0 || extents.getLast() != SwizzledBoxes.columns(bytes) || elements * bytes != SwizzledBoxes.BYTES) {
            throw new IllegalArgumentException("a map with boxes of " + extents);
        }
        return new CopyOutPlan(SwizzledBoxes.of(layout, bytes), rows);
    }

    /// The slot of the ring that a box passes through.
    int slot(int box) {
        return boxes.boxes().size() == 1 ? SLOTS - 1 : box % SLOTS;
    }

    /// How many boxes may still be read when the next one is filled.
    int pending() {
        return boxes.boxes().size() == 1 ? 0 : SLOTS - 1;
    }

    static ScratchNeed scratch(int warps) {
        return ScratchNeed.lasting((long) (warps >> SwizzledBoxes.WARP_BITS) * RING_BYTES, SwizzledBoxes.PATTERN_BYTES);
    }
}
