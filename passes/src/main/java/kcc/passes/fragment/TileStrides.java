// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static kcc.passes.layout.LinearLayout.BLOCK;
import static kcc.passes.layout.LinearLayout.LANE;
import static kcc.passes.layout.LinearLayout.REGISTER;
import static kcc.passes.layout.LinearLayout.WARP;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// How far apart the elements of a tile of offsets lie along each dimension, where that is the same everywhere: numbers that
/// are computed from indices by sums, and products with what is the same for all threads.
///
/// @param dims one for each dimension
record TileStrides(List<Stride> dims) {
    /// `factor * scalar`, or `factor` alone.
    ///
    /// @param scalar of the function before it is lowered, or null
    record Stride(long factor, Value scalar) {
        private static final Stride NONE = new Stride(0, null);

        private boolean isNone() {
            return factor == 0;
        }
    }

    TileStrides {
        dims = List.copyOf(dims);
    }

    /// Null where a tile is not of that kind.
    static TileStrides of(Value tile) {
        Operation op = tile.definingOp();
        if (op == null) {
            return null;
        }
        int rank = TensorType.of(tile.type()).rank();
        return switch (op.name()) {
            case "kcc.arange" -> new TileStrides(List.of(new Stride(1, null)));
            case "tensor.splat", "arith.constant" -> new TileStrides(Collections.nCopies(rank, Stride.NONE));
            case "arith.addi" -> sum(of(op.operand(0)), of(op.operand(1)));
            case "arith.muli" -> {
                TileStrides left = product(of(op.operand(0)), op.operand(1));
                yield left != null ? left : product(of(op.operand(1)), op.operand(0));
            }
            case "kcc.reshape" -> reshaped(of(op.operand(0)), op.operand(0), tile);
            case "kcc.broadcast" -> broadcast(of(op.operand(0)), TileTypes.shape(op.operand(0)));
            case "kcc.convert_layout" -> of(op.operand(0));
            default -> null;
        };
    }

    private static TileStrides sum(TileStrides left, TileStrides right) {
        if (left == null || right == null) {
            return null;
        }
        List<Stride> dims = new ArrayList<>();
        for (int d = 0; d < left.dims.size(); d++) {
            Stride one = left.dims.get(d);
            Stride other = right.dims.get(d);
            if (!one.isNone() && !other.isNone()) {
                return null;
            }
            dims.add(one.isNone() ? other : one);
        }
        return new TileStrides(dims);
    }

    private static TileStrides product(TileStrides tile, Value uniform) {
        Operation op = uniform.definingOp();
        if (tile == null || op == null || !op.is("tensor.splat") && !op.is("arith.constant")) {
            return null;
        }
        Attribute constant = op.is("arith.constant") ? op.attribute("value").splatValue() : null;
        List<Stride> dims = new ArrayList<>();
        for (Stride stride : tile.dims) {
            if (constant == null && stride.scalar != null) {
                return null;
            }
            dims.add(stride.isNone() ? stride : constant == null ? new Stride(stride.factor, op.operand(0))
                    : new Stride(stride.factor * constant.asLong(), stride.scalar));
        }
        return new TileStrides(dims);
    }

    /// A vector as a tile that is long in one dimension.
    private static TileStrides reshaped(TileStrides vector, Value from, Value to) {
        int[] shape = TileTypes.shape(to);
        if (vector == null || vector.dims.size() != 1) {
            return null;
        }
        List<Stride> dims = new ArrayList<>(Collections.nCopies(shape.length, Stride.NONE));
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == TileTypes.shape(from)[0]) {
                dims.set(d, vector.dims.getFirst());
                return new TileStrides(dims);
            }
        }
        return null;
    }

    private static TileStrides broadcast(TileStrides tile, int[] shape) {
        if (tile == null) {
            return null;
        }
        List<Stride> dims = new ArrayList<>();
        for (int d = 0; d < shape.length; d++) {
            dims.add(shape[d] == 1 ? Stride.NONE : tile.dims.get(d));
        }
        return new TileStrides(dims);
    }

    /// Whether the coordinates of a register are those of the thread and a constant.
    static boolean isSumOfThreadAndRegister(LinearLayout layout) {
        int[] ofThread = bits(layout, List.of(LANE, WARP, BLOCK));
        int[] ofRegister = bits(layout, List.of(REGISTER));
        for (int d = 0; d < ofThread.length; d++) {
            if ((ofThread[d] & ofRegister[d]) != 0) {
                return false;
            }
        }
        return true;
    }

    private static int[] bits(LinearLayout layout, List<String> places) {
        int[] bits = new int[layout.rank()];
        for (String place : places) {
            for (long basis : layout.bases(place)) {
                int[] coordinates = layout.unpack(basis);
                for (int d = 0; d < bits.length; d++) {
                    bits[d] |= coordinates[d];
                }
            }
        }
        return bits;
    }
}
