// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.passes.fragment.ScratchNeed;

/// Places the scratch of a function's operations in the shared memory of the block.
///
/// Scratch lives only as long as its operation, so all of it could begin at byte 0. But whoever overwrites what others may
/// still read has to wait for them, and an exchange whose scratch lies apart from that of the exchange before needs no such
/// barrier. So neighbours in time are kept apart where that costs little memory.
public final class ScratchPlacement {
    /// The most bytes spent to save one barrier: a 64th of the memory that 2048 resident threads share on current machines,
    /// with 32 of them in a block.
    private static final long CHEAP = 2048;

    private final List<Operation> operations;
    private final BufferPlan.Placement placement;

    private ScratchPlacement(List<Operation> operations, BufferPlan.Placement placement) {
        this.operations = operations;
        this.placement = placement;
    }

    public static ScratchPlacement of(Operation function, Map<Operation, ScratchNeed> needs) {
        List<Operation> operations = new ArrayList<>(needs.keySet());
        BufferPlan plan = new BufferPlan();
        for (ScratchNeed need : needs.values()) {
            plan.add(need.bytes(), need.alignment());
        }
        Neighbours neighbours = new Neighbours(operations, needs, plan);
        neighbours.through(function.region(0), new ArrayList<>());
        return new ScratchPlacement(operations, plan.place());
    }

    /// Bytes of shared memory that the function needs.
    public long bytes() {
        return placement.bytes();
    }

    /// The operation with the largest scratch, or null if there is none.
    public Operation largest(Map<Operation, ScratchNeed> needs) {
        Operation largest = null;
        for (Operation op : operations) {
            if (largest == null || needs.get(op).bytes() > needs.get(largest).bytes()) {
                largest = op;
            }
        }
        return largest;
    }

    /// Writes the placement into attributes.
    public void write(Operation function, Map<Operation, ScratchNeed> needs) {
        for (int i = 0; i < operations.size(); i++) {
            Operation op = operations.get(i);
            op.setAttribute("kcc.shared_offset", Attributes.i64(op.context(), placement.offsets().get(i)));
            op.setAttribute("kcc.shared_size", Attributes.i64(op.context(), needs.get(op).bytes()));
        }
        function.setAttribute("kcc.shared_bytes", Attributes.i64(function.context(), bytes()));
    }

    /// Finds the exchanges that follow each other on some path.
    private record Neighbours(List<Operation> operations, Map<Operation, ScratchNeed> needs, BufferPlan plan) {
        /// Goes through a region after one of the exchanges `before` and gives those that may be the last in the end.
        List<Operation> through(Region region, List<Operation> before) {
            List<Operation> last = before;
            for (Block block : region.blocks()) {
                for (Operation op : block.operations()) {
                    last = through(op, last);
                }
            }
            return last;
        }

        private List<Operation> through(Operation op, List<Operation> before) {
            if (needs.containsKey(op)) {
                before.forEach(earlier -> keepApart(earlier, op));
                return List.of(op);
            }
            return switch (op.name()) {
                case "scf.if" -> {
                    List<Operation> last = new ArrayList<>();
                    for (Region region : op.regions()) {
                        for (Operation end : region.isEmpty() ? before : through(region, before)) {
                            if (!last.contains(end)) {
                                last.add(end);
                            }
                        }
                    }
                    yield last;
                }
                case "scf.for", "scf.while" -> {
                    List<Operation> last = new ArrayList<>(before);
                    for (int iteration = 0; iteration < 2; iteration++) {
                        List<Operation> end = List.copyOf(last);
                        for (Region region : op.regions()) {
                            end = through(region, end);
                        }
                        for (Operation exchange : end) {
                            if (!last.contains(exchange)) {
                                last.add(exchange);
                            }
                        }
                    }
                    yield last;
                }
                default -> before;
            };
        }

        private void keepApart(Operation first, Operation second) {
            if (Math.min(needs.get(first).bytes(), needs.get(second).bytes()) <= CHEAP) {
                plan.interfere(operations.indexOf(first), operations.indexOf(second));
            }
        }
    }
}
