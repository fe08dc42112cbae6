// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import kcc.mlir.ir.Operation;
import kcc.passes.layout.LinearLayout;

/// What operations that rename coordinates do to layouts, in both directions.
final class Reshaping {

    private Reshaping() {}

    /// The layout of the source that gives the result this layout without moving data.
    static LinearLayout source(Operation op, LinearLayout result) {
        int[] shape = TileOps.shape(op.operand(0));
        return switch (op.name()) {
            case "kcc.reshape" -> result.reshape(shape);
            case "kcc.broadcast" -> narrowed(result, shape);
            case "linalg.transpose" -> result.transpose(inverse(TileOps.integers(op.attribute("permutation"))));
            default -> throw new IllegalStateException(op.name());
        };
    }

    /// The layout of the result when the source stays where it is, or null for a broadcast: how the
    /// new elements are best spread is for the users to say.
    static LinearLayout result(Operation op, LinearLayout source) {
        return switch (op.name()) {
            case "kcc.reshape" -> source.reshape(TileOps.shape(op.result()));
            case "kcc.broadcast" -> null;
            case "linalg.transpose" -> source.transpose(TileOps.integers(op.attribute("permutation")));
            default -> throw new IllegalStateException(op.name());
        };
    }

    private static LinearLayout narrowed(LinearLayout result, int[] shape) {
        LinearLayout source = result;
        for (int axis = 0; axis < shape.length; axis++) {
            if (shape[axis] == 1) {
                source = source.squash(axis);
            }
        }
        return source.dropFreeBits(LinearLayout.REGISTER);
    }

    /// Dimension i of the result is dimension `permutation[i]` of the source.
    private static int[] inverse(int[] permutation) {
        int[] inverse = new int[permutation.length];
        for (int i = 0; i < permutation.length; i++) {
            inverse[permutation[i]] = i;
        }
        return inverse;
    }
}
