// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A tile cut into blocks: each thread holds a small box of neighbours, lanes and warps stand side by side.
///
/// ```text
///   elements 1x2, lanes 2x2, warps 2x1, order 1,0        one row: lane 0 lane 0 lane 1 lane 1
/// ```
///
/// All lists have one entry for each dimension of the tile. `order` names the dimensions, fastest first: the one whose
/// neighbours lie side by side in memory comes first. A tile larger than the box of all warps is covered by repeating
/// the box in registers, a smaller one leaves copies in the upper lanes and warps.
public record BlockedLayout(List<Integer> elements, List<Integer> lanes, List<Integer> warps, List<Integer> order) {
    public BlockedLayout {
        elements = List.copyOf(elements);
        lanes = List.copyOf(lanes);
        warps = List.copyOf(warps);
        order = List.copyOf(order);
        int rank = order.size();
        if (elements.size() != rank || lanes.size() != rank || warps.size() != rank) {
            throw new IllegalArgumentException("a blocked layout of rank " + rank + " needs " + rank
                    + " sizes for elements, lanes and warps, not " + elements + ", " + lanes + ", " + warps);
        }
        requireOrder(order);
        for (int axis = 0; axis < rank; axis++) {
            Dim.log2(elements.get(axis), "elements of dimension " + axis);
            Dim.log2(lanes.get(axis), "lanes of dimension " + axis);
            Dim.log2(warps.get(axis), "warps of dimension " + axis);
        }
    }

    /// The layout in which neighbouring lanes touch neighbouring memory: `vector` elements for each lane along the
    /// fastest dimension, then lanes, then warps, each filling one dimension before going on to the next.
    public static BlockedLayout coalesced(int[] shape, List<Integer> order, int vector, int lanes, int warps) {
        requireOrder(order);
        int rank = shape.length;
        List<Integer> elements = ones(rank);
        List<Integer> lanesOf = ones(rank);
        List<Integer> warpsOf = ones(rank);
        int[] rest = shape.clone();
        if (rank > 0) {
            int fastest = order.getFirst();
            elements.set(fastest, Math.min(vector, shape[fastest]));
            rest[fastest] /= elements.get(fastest);
        }
        spread(lanes, order, rest, lanesOf);
        spread(warps, order, rest, warpsOf);
        return new BlockedLayout(elements, lanesOf, warpsOf, order);
    }

    /// Row-major order: the last dimension is the fastest.
    public static List<Integer> rowMajor(int rank) {
        List<Integer> order = new ArrayList<>();
        for (int axis = rank - 1; axis >= 0; axis--) {
            order.add(axis);
        }
        return order;
    }

    public int threads() {
        return product(lanes) * product(warps);
    }

    /// The layout of a tile of this shape.
    public LinearLayout over(int... shape) {
        return over(shape, -1);
    }

    /// The same with the box of each warp repeated first along a dimension, so that every warp has one piece of it rather
    /// than as many as there are repetitions.
    public LinearLayout overInPieces(int[] shape, int axis) {
        return over(shape, axis);
    }

    private LinearLayout over(int[] shape, int pieces) {
        if (shape.length != order.size()) {
            throw new IllegalArgumentException(
                    "a blocked layout of rank " + order.size() + " does not fit a tile of rank " + shape.length);
        }
        LayoutBuilder builder = LinearLayout.ofTile(shape);
        int[] covered = new int[shape.length];
        Arrays.fill(covered, 1);
        place(builder, LinearLayout.REGISTER, elements, shape, covered);
        place(builder, LinearLayout.LANE, lanes, shape, covered);
        if (pieces >= 0) {
            int repeats = Math.max(1, shape[pieces] / covered[pieces] / warps.get(pieces));
            builder.walk(LinearLayout.REGISTER, pieces, covered[pieces], Dim.log2(repeats, "repetitions"));
            covered[pieces] *= repeats;
        }
        place(builder, LinearLayout.WARP, warps, shape, covered);
        for (int axis : order) {
            int more = Dim.log2(shape[axis] / covered[axis], "size of dimension " + axis);
            builder.walk(LinearLayout.REGISTER, axis, covered[axis], more);
        }
        return builder.build();
    }

    private void place(LayoutBuilder builder, String input, List<Integer> sizes, int[] shape, int[] covered) {
        for (int axis : order) {
            int wanted = sizes.get(axis);
            int fits = Math.min(wanted, shape[axis] / covered[axis]);
            builder.walk(input, axis, covered[axis], Dim.log2(fits, "size of dimension " + axis));
            covered[axis] *= fits;
            if (!input.equals(LinearLayout.REGISTER)) {
                builder.copies(input, Dim.log2(wanted / fits, "copies"));
            }
        }
    }

    private static void spread(int count, List<Integer> order, int[] rest, List<Integer> sizes) {
        int left = count;
        for (int axis : order) {
            int taken = Math.min(left, rest[axis]);
            sizes.set(axis, taken);
            rest[axis] /= taken;
            left /= taken;
        }
        if (left > 1 && !order.isEmpty()) {
            // More threads than elements: the slowest dimension takes them, as copies.
            int slowest = order.getLast();
            sizes.set(slowest, sizes.get(slowest) * left);
        }
    }

    private static void requireOrder(List<Integer> order) {
        for (int axis = 0; axis < order.size(); axis++) {
            if (!order.contains(axis)) {
                throw new IllegalArgumentException(order + " is no order of " + order.size() + " dimensions");
            }
        }
    }

    private static List<Integer> ones(int rank) {
        List<Integer> ones = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            ones.add(1);
        }
        return ones;
    }

    private static int product(List<Integer> sizes) {
        int product = 1;
        for (int size : sizes) {
            product *= size;
        }
        return product;
    }
}
