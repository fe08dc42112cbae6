// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.SourceLocation;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.fragment.ScratchNeed;
import kcc.passes.fragment.ScratchNeeds;
import kcc.scheduler.machine.Machine;

/// Plans the scratch in shared memory that placed operations need to move data between threads.
///
/// ```
/// %y = kcc.convert_layout %x : tensor<64x64xf32, #A> -> tensor<64x64xf32, #B>
/// ```
/// becomes
/// ```
/// %y = kcc.convert_layout %x {kcc.shared_offset = 0 : i64, kcc.shared_size = 16384 : i64} : ...
/// ```
/// and the function gets `kcc.shared_bytes`. Operations that run at different times share bytes ([ScratchPlacement]).
/// Operations in which the blocks of a cluster meet get `kcc.slots_offset` and `kcc.slots_size` besides ([SlotPlacement]).
///
/// Requires: placed level. Produces: scratch.
public final class AllocateSharedPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-allocate-shared",
            "offsets in shared memory for data that moves between threads",
            Set.of("placed"),
            Set.of("scratch"),
            List.of(new Statistic("buffers", "operations that use shared memory"),
                    new Statistic("bytes", "bytes of shared memory of all functions")),
            List.of(),
            "gpu.func");

    /// A placement and what it was made for.
    private record Scratch(ScratchNeeds needs, ScratchPlacement placement, SlotPlacement slots) {}

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        switch (analyze(function, context.get(Machine.class))) {
            case Analysis.Plan<Scratch>(Scratch scratch) -> {
                scratch.placement.write(function, scratch.needs.scratch());
                scratch.slots.write(function);
                context.count("buffers", scratch.needs.scratch().size());
                context.count("bytes", scratch.slots.end());
            }
            case Analysis.NotApplicable<Scratch>(String why) -> context.remark(function, why);
            case Analysis.Illegal<Scratch>(Diagnostic diagnostic) -> context.fail(diagnostic);
        }
    }

    /// The type of the elements that an operation moves.
    private static Type moved(Operation op) {
        return (op.is("kcc.load_span") ? op.result(0) : op.operand(0)).type().elementOrSelf();
    }

    private static Analysis<Scratch> analyze(Operation function, Machine machine) {
        ScratchNeeds all = ScratchNeeds.of(function, machine);
        Map<Operation, ScratchNeed> needs = all.scratch();
        ScratchPlacement placement = ScratchPlacement.of(function, needs);
        SlotPlacement slots = SlotPlacement.of(all.slots(), placement.bytes());
        long limit = machine.isa().sharedMemory().maxBytesPerBlock();
        if (slots.end() <= limit || needs.isEmpty()) {
            return new Analysis.Plan<>(new Scratch(all, placement, slots));
        }
        Operation largest = placement.largest(needs);
        SourceLocation place = largest.location().toSource();
        String name = function.attribute("sym_name").asString();
        return new Analysis.Illegal<>(Diagnostic.error("KCC2310", place, "kernel '" + name + "' needs " + slots.end()
                + " bytes of shared memory, but a block on " + machine.name() + " has at most " + limit)
                .withNote(place, "this needs " + needs.get(largest).bytes() + " bytes to move " + moved(largest) + " elements between threads")
                .withHelp("make the tiles of this operation smaller"));
    }
}
