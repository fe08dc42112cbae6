// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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
///
/// Scratch that lasts is the exception: it has bytes of its own, which nobody else ever touches.
public final class ScratchPlacement {
    /// The most bytes spent to save one barrier: a 64th of the memory that 2048 resident threads share on current machines,
    /// with 32 of them in a block.
    private static final long CHEAP = 2048;

    private final Map<Operation, Integer> buffers;
    private final BufferPlan.Placement placement;

    private ScratchPlacement(Map<Operation, Integer> buffers, BufferPlan.Placement placement) {
        this.buffers = buffers;
        this.placement = placement;
    }

    public static ScratchPlacement of(Operation function, Map<Operation, ScratchNeed> needs) {
        BufferPlan plan = new BufferPlan();
        Map<Operation, Integer> buffers = new LinkedHashMap<>();
        Map<Operation, ScratchNeed> shortLived = new LinkedHashMap<>(needs);
        shortLived.values().removeIf(ScratchNeed::lasts);
        shortLived.forEach((op, need) -> buffers.put(op, plan.add(need.bytes(), need.alignment())));
        placeLasting(needs, plan, buffers);
        new Neighbours(buffers, shortLived, plan).through(function.region(0), new ArrayList<>());
        return new ScratchPlacement(buffers, plan.place());
    }

    /// One buffer for all scratch that is used behind its operation, apart from all others.
    private static void placeLasting(Map<Operation, ScratchNeed> needs, BufferPlan plan, Map<Operation, Integer> buffers) {
        List<Operation> lasting = needs.keySet().stream().filter(op -> needs.get(op).lasts()).toList();
        if (lasting.isEmpty()) {
            return;
        }
        int others = buffers.size();
        int buffer = plan.add(lasting.stream().mapToLong(op -> needs.get(op).bytes()).max().getAsLong(),
                lasting.stream().mapToLong(op -> needs.get(op).alignment()).max().getAsLong());
        for (int other = 0; other < others; other++) {
            plan.interfere(buffer, other);
        }
        lasting.forEach(op -> buffers.put(op, buffer));
    }

    /// Bytes of shared memory that the function needs.
    public long bytes() {
        return placement.bytes();
    }

    /// The operation with the largest scratch, or null if there is none.
    public Operation largest(Map<Operation, ScratchNeed> needs) {
        Operation largest = null;
        for (Operation op : buffers.keySet()) {
            if (largest == null || needs.get(op).bytes() > needs.get(largest).bytes()) {
                largest = op;
            }
        }
        return largest;
    }

    /// Writes the placement into attributes.
    public void write(Operation function, Map<Operation, ScratchNeed> needs) {
        buffers.forEach((op, buffer) -> {
            op.setAttribute("kcc.shared_offset", Attributes.i64(op.context(), placement.offsets().get(buffer)));
            op.setAttribute("kcc.shared_size", Attributes.i64(op.context(), needs.get(op).bytes()));
        });
        function.setAttribute("kcc.shared_bytes", Attributes.i64(function.context(), bytes()));
    }

    /// Finds the exchanges that follow each other on some path.
    private record Neighbours(Map<Operation, Integer> buffers, Map<Operation, ScratchNeed> needs, BufferPlan plan) {
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
                plan.interfere(buffers.get(first), buffers.get(second));
            }
        }
    }
}
