// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;

/// Reads the uses of shared memory off a placed function, and marks the operations that need a barrier first.
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

    /// Null for operations that leave shared memory alone.
    private static Flow flow(Operation op) {
        if (op.hasAttribute("kcc.shared_offset")) {
            return new Flow.Exchange<>(op, ByteInterval.of(op.attribute("kcc.shared_offset").asLong(),
                    op.attribute("kcc.shared_size").asLong()));
        }
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
