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
import kcc.passes.placement.Cluster;

/// Reads the uses of shared and global memory off a placed function, and marks the operations that need a barrier first.
///
/// Where several blocks run one program, what they do in global memory and in each other's slots is ordered by barriers of the
/// cluster, and each block's own scratch by barriers of the block.
///
/// Different arguments of a kernel are taken to be different arrays.
public final class BarrierMarks {
    /// Which threads are looked at, and which memory.
    private enum Reach {
        /// A block that is a program of its own: scratch and global memory.
        PROGRAM,
        /// All blocks of a cluster: slots and global memory.
        CLUSTER,
        /// One of its blocks: scratch.
        BLOCK_OF_CLUSTER
    }

    private final Reach reach;
    private final Set<Operation> behindClusterBarrier;

    private BarrierMarks(Reach reach, Set<Operation> behindClusterBarrier) {
        this.reach = reach;
        this.behindClusterBarrier = behindClusterBarrier;
    }

    /// Operations that need a barrier in front of them.
    ///
    /// @param forBlock   of the block alone
    /// @param forCluster of all blocks that run the program; it is one of the block too
    public record Marks(List<Operation> forBlock, List<Operation> forCluster) {
        public Marks {
            forBlock = List.copyOf(forBlock);
            forCluster = List.copyOf(forCluster);
        }

        public void write() {
            forBlock.forEach(op -> op.setAttribute("kcc.barrier_before", Attributes.unit(op.context())));
            forCluster.forEach(op -> op.setAttribute("kcc.cluster_barrier_before", Attributes.unit(op.context())));
        }
    }

    /// The operations that must wait before they touch their scratch, slots or global memory.
    public static Marks find(Operation function) {
        if (Cluster.blocks(function) == 1) {
            return new Marks(waiting(function, new BarrierMarks(Reach.PROGRAM, Set.of())), List.of());
        }
        List<Operation> forCluster = waiting(function, new BarrierMarks(Reach.CLUSTER, Set.of()));
        return new Marks(waiting(function, new BarrierMarks(Reach.BLOCK_OF_CLUSTER, Set.copyOf(forCluster))), forCluster);
    }

    private static List<Operation> waiting(Operation function, BarrierMarks marks) {
        List<Operation> marked = new ArrayList<>();
        for (Object key : BarrierPlacement.of(marks.flow(function.region(0)))) {
            Operation op = (Operation) (key instanceof Flow.Behind<?>(Object first) ? first : key);
            if (!marked.contains(op)) {
                marked.add(op);
            }
        }
        return marked;
    }

    private Flow flow(Region region) {
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
    private Flow flow(Operation op) {
        List<Flow> steps = new ArrayList<>();
        if (reach == Reach.BLOCK_OF_CLUSTER) {
            if (behindClusterBarrier.contains(op)) {
                steps.add(new Flow.Barrier());
            }
        } else {
            switch (op.name()) {
                case "kcc.load" -> steps.add(touch(op, Flow.Kind.READ, 0));
                case "kcc.load_span" -> {
                    for (int i = 0; i < op.resultCount(); i++) {
                        steps.add(new Flow.Touch<>(i == 0 ? op : new Flow.Behind<>(op), root(op.operand(i)), Flow.Kind.READ, null));
                    }
                }
                case "kcc.store" -> steps.add(touch(op, Flow.Kind.WRITE, 1));
                case "kcc.atomic_rmw" -> steps.add(touch(op, Flow.Kind.ATOMIC, 1));
                case "kcc.atomic_cas" -> steps.add(touch(op, Flow.Kind.ATOMIC, 2));
                default -> {}
            }
        }
        // The scratch of a copy out is its own, and its threads meet by warp groups only, which orders nothing for others.
        if (reach != Reach.CLUSTER && op.hasAttribute("kcc.shared_offset") && !op.is("kcc.copy_out")) {
            steps.add(exchange(op, "kcc.shared"));
        }
        if (reach != Reach.PROGRAM && op.hasAttribute("kcc.slots_offset")) {
            // Behind the pushes into other blocks' slots all blocks meet.
            steps.add(reach == Reach.CLUSTER ? exchange(op, "kcc.slots") : new Flow.Barrier());
        }
        // A span is written behind the exchange, when all threads have handed in their elements.
        if (op.is("kcc.store_span") && reach != Reach.BLOCK_OF_CLUSTER) {
            steps.add(new Flow.Touch<>(new Flow.Behind<>(op), root(op.operand(1)), Flow.Kind.WRITE, null));
        }
        return steps.isEmpty() ? control(op) : new Flow.Sequence(steps);
    }

    private static Flow exchange(Operation op, String memory) {
        return new Flow.Exchange<>(op, ByteInterval.of(op.attribute(memory + "_offset").asLong(),
                op.attribute(memory + "_size").asLong()));
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
        return layout.freeBits(LinearLayout.LANE) == 0 && layout.freeBits(LinearLayout.WARP) == 0
                && layout.freeBits(LinearLayout.BLOCK) == 0;
    }

    /// The argument that a pointer is derived from; null if that is not known.
    static Value root(Value pointer) {
        Value from = pointer;
        while (from.definingOp() != null && (from.definingOp().is("kcc.add_ptr") || from.definingOp().is("kcc.cast_ptr"))) {
            from = from.definingOp().operand(0);
        }
        return from.isBlockArgument() && from.ownerBlock().parentOp().is("gpu.func") ? from : null;
    }

    private Flow control(Operation op) {
        return switch (op.name()) {
            case "gpu.barrier" -> reach == Reach.CLUSTER ? null : new Flow.Barrier();
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
