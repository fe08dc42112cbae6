// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// Reads the uses of shared and global memory off a placed function, and marks the operations that need a barrier first.
///
/// Different arguments of a kernel are taken to be different arrays.
public final class BarrierMarks {
    private BarrierMarks() {}

    /// The operations that must wait for the block before they touch their scratch.
    public static List<Operation> find(Operation function) {
        Set<Object> waiting = BarrierPlacement.of(flow(function.region(0)));
        List<Operation> marked = new ArrayList<>();
        for (Object key : waiting) {
            marked.add((Operation) key);
        }
        return marked;
    }

    public static void write(List<Operation> waiting) {
        for (Operation op : waiting) {
            op.setAttribute("kcc.barrier_before", Attributes.unit(op.context()));
        }
    }

    private static Flow flow(Region region) {
        List<Flow> steps = new ArrayList<>();
        for (Block block : region.blocks()) {
            for (Operation op : block.operations()) {
                Flow step = flow(op);
                if (step != null) {
                    steps.add(step);
                }
            }
        }
        return new Flow.Sequence(steps);
    }

    /// Null for operations that leave memory alone.
    private static Flow flow(Operation op) {
        List<Flow> steps = new ArrayList<>();
        switch (op.name()) {
            case "kcc.load" -> steps.add(touch(op, Flow.Kind.READ, 0));
            case "kcc.load_span" -> {
                for (int i = 0; i < op.resultCount(); i++) {
                    steps.add(new Flow.Touch<>(op, root(op.operand(i)), Flow.Kind.READ, null));
                }
            }
            case "kcc.store" -> steps.add(touch(op, Flow.Kind.WRITE, 1));
            case "kcc.atomic_rmw" -> steps.add(touch(op, Flow.Kind.ATOMIC, 1));
            case "kcc.atomic_cas" -> steps.add(touch(op, Flow.Kind.ATOMIC, 2));
            default -> {}
        }
        if (op.hasAttribute("kcc.shared_offset")) {
            steps.add(new Flow.Exchange<>(op, ByteInterval.of(op.attribute("kcc.shared_offset").asLong(),
                    op.attribute("kcc.shared_size").asLong())));
        }
        // A span is written behind the exchange, when all threads have handed in their elements.
        if (op.is("kcc.store_span")) {
            steps.add(new Flow.Touch<>(op, root(op.operand(1)), Flow.Kind.WRITE, null));
        }
        return steps.isEmpty() ? control(op) : new Flow.Sequence(steps);
    }

    private static Flow.Touch<Operation> touch(Operation op, Flow.Kind kind, int base) {
        Value offset = op.operand(base + 1);
        Object place = isHeldOnce(offset) ? List.of(op.operand(base), offset) : null;
        return new Flow.Touch<>(op, root(op.operand(base)), kind, place);
    }

    /// Whether each element of a tile is held by one thread only.
    private static boolean isHeldOnce(Value tile) {
        if (!tile.type().isTensor() || TensorType.of(tile.type()).rank() == 0) {
            return false;
        }
        TensorType type = TensorType.of(tile.type());
        int[] shape = type.shape().stream().mapToInt(Math::toIntExact).toArray();
        LinearLayout layout = LinearLayout.parse(type.encoding().toString(), shape);
        return layout.freeBits(LinearLayout.LANE) == 0 && layout.freeBits(LinearLayout.WARP) == 0;
    }

    /// The argument that a pointer is derived from; null if that is not known.
    private static Value root(Value pointer) {
        Value from = pointer;
        while (from.definingOp() != null && (from.definingOp().is("kcc.add_ptr") || from.definingOp().is("kcc.cast_ptr"))) {
            from = from.definingOp().operand(0);
        }
        return from.isBlockArgument() && from.ownerBlock().parentOp().is("gpu.func") ? from : null;
    }

    private static Flow control(Operation op) {
        return switch (op.name()) {
            case "gpu.barrier" -> new Flow.Barrier();
            case "scf.if" -> {
                List<Flow> branches = new ArrayList<>();
                for (Region region : op.regions()) {
                    branches.add(flow(region));
                }
                yield new Flow.Choice(branches);
            }
            case "scf.for" -> new Flow.Loop(flow(op.region(0)));
            // The condition is computed once more than the body.
            case "scf.while" -> new Flow.Sequence(List.of(flow(op.region(0)),
                    new Flow.Loop(new Flow.Sequence(List.of(flow(op.region(1)), flow(op.region(0)))))));
            default -> null;
        };
    }
}
