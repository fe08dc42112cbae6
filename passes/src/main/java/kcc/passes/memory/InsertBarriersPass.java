// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Marks the operations that must wait for the whole block: before they overwrite scratch that others may still read, and
/// before they touch elements of an array in global memory that another thread of the block has touched, one of them writing.
///
/// ```
/// scf.for ... { %s = linalg.reduce ... {kcc.shared_offset = 0 : i64, kcc.shared_size = 16 : i64} }
/// ```
/// becomes, because an iteration may overwrite what the one before still reads,
/// ```
/// scf.for ... { %s = linalg.reduce ... {kcc.barrier_before, kcc.shared_offset = 0 : i64, kcc.shared_size = 16 : i64} }
/// ```
///
/// The barrier between writing and reading inside of an operation is not marked: it is always there. Where the blocks of a
/// cluster run one program, `kcc.cluster_barrier_before` marks those that must wait for all of them.
///
/// Requires: placed level with scratch. Produces: barriers.
/// Does not handle: arguments that overlap; they are taken to be different arrays.
public final class InsertBarriersPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-insert-barriers",
            "where the block must wait before memory that other threads touched",
            Set.of("placed", "scratch"),
            Set.of("barriers"),
            List.of(new Statistic("barriers", "operations with a barrier in front of them")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        function.walk(op -> {
            if (op.hasAttribute("kcc.shared_offset") && !op.hasAttribute("kcc.shared_size")) {
                context.fail(Diagnostic.error("KCC2311", op.location().toSource(),
                        "'" + op.name() + "' has kcc.shared_offset without kcc.shared_size"));
            }
        });
        BarrierMarks.Marks marks = BarrierMarks.find(function);
        marks.write();
        context.count("barriers", marks.forBlock().size() + marks.forCluster().size());
    }
}
