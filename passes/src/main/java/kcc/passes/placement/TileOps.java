// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.mlir.ir.Attribute;

/// How the operations of the tile level behave towards layouts.
final class TileOps {

    private TileOps() {}

    /// The role of an operation in the choice of layouts.
    enum Role {
        /// Computes its result from nothing that is laid out: constants, indices, splats.
        SOURCE,
        /// Result i depends on operand elements i: `arith`, `math`.
        ELEMENTWISE,
        /// Renames coordinates: reshape, broadcast, transpose.
        RESHAPING,
        /// Touches memory.
        ACCESS,
        /// Touches memory in an order of its own, and hands elements to threads in any layout.
        SPAN,
        REDUCTION,
        /// Combines or moves elements along an axis and leaves the results where the operands were: scan, sort, flip.
        ALONG_AXIS,
        /// Operands and results in layouts of their own: gather, join, split, histogram, sums over blocks.
        EXCHANGE,
        PRODUCT,
        /// Writes memory box by box, from a layout whose warp groups hold whole boxes: kcc.copy_out.
        COPY_OUT,
        /// Writes a tile into a buffer, from any layout: kcc.fill.
        FILL,
        /// `scf` and terminators: values pass through.
        CONTROL,
        /// Uses no tile, or only tiles of rank 0.
        UNIFORM,
        UNKNOWN
    }

    static Role role(Operation op) {
        String name = op.name();
        return switch (name) {
            case "scf.for", "scf.if", "scf.while", "scf.yield", "scf.condition" -> Role.CONTROL;
            case "kcc.load", "kcc.store", "kcc.atomic_rmw", "kcc.atomic_cas" -> Role.ACCESS;
            case "kcc.load_span", "kcc.store_span" -> Role.SPAN;
            default -> {
                if (!touchesTile(op)) {
                    yield Role.UNIFORM;
                }
                yield switch (name) {
                    case "arith.constant", "kcc.arange", "tensor.splat", "tensor.empty" -> Role.SOURCE;
                    case "kcc.reshape", "kcc.broadcast", "linalg.transpose" -> Role.RESHAPING;
                    case "linalg.reduce" -> Role.REDUCTION;
                    case "kcc.scan", "kcc.sort", "kcc.flip" -> Role.ALONG_AXIS;
                    case "kcc.gather", "kcc.join", "kcc.split", "kcc.histogram", "kcc.reduce_scatter" -> Role.EXCHANGE;
                    case "kcc.copy_out" -> Role.COPY_OUT;
                    case "kcc.fill" -> Role.FILL;
                    case "linalg.matmul", "kcc.async_matmul" -> Role.PRODUCT;
                    case "kcc.assert", "kcc.mma_wait" -> Role.ELEMENTWISE;
                    default -> name.startsWith("arith.") || name.startsWith("math.") ? Role.ELEMENTWISE : Role.UNKNOWN;
                };
            }
        };
    }

    /// Whether a value is spread over threads. A tile of rank 0 is one scalar that every thread holds.
    static boolean isTile(Value value) {
        return isTile(value.type());
    }

    static boolean isTile(Type type) {
        return type.isTensor() && !TensorType.of(type).shape().isEmpty();
    }

    /// Elements of the largest tile of a function.
    static long largestTile(Operation function) {
        long[] largest = {1};
        function.walk(op -> {
            for (Value result : op.results()) {
                if (isTile(result)) {
                    largest[0] = Math.max(largest[0], TensorType.of(result.type()).elementCount());
                }
            }
        });
        return largest[0];
    }

    private static boolean touchesTile(Operation op) {
        for (Value operand : op.operands()) {
            if (isTile(operand)) {
                return true;
            }
        }
        for (Value result : op.results()) {
            if (isTile(result)) {
                return true;
            }
        }
        return false;
    }

    /// The offsets of a load, store or atomic update.
    static Value offsets(Operation op) {
        return switch (op.name()) {
            case "kcc.load" -> op.operand(1);
            case "kcc.atomic_cas" -> op.operand(3);
            default -> op.operand(2);
        };
    }

    /// The pointer of a load, store or atomic update.
    static Value base(Operation access) {
        return switch (access.name()) {
            case "kcc.load" -> access.operand(0);
            case "kcc.atomic_cas" -> access.operand(2);
            default -> access.operand(1);
        };
    }

    static int[] shape(Value value) {
        return TensorType.of(value.type()).shape().stream().mapToInt(Long::intValue).toArray();
    }

    static int[] integers(Attribute array) {
        List<Long> elements = array.asLongs();
        int[] values = new int[elements.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.toIntExact(elements.get(i));
        }
        return values;
    }
}
