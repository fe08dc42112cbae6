// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.placement.Cluster;
import kcc.scheduler.cost.RowRegisters;
import kcc.scheduler.machine.Machine;

/// Loads tiles again behind a reduction instead of keeping them in registers, where that leaves room for more blocks.
///
/// ```
/// %x = kcc.load %p[%o]                       // 64 elements in each of 256 threads
/// %s = linalg.reduce ins(%x) ...
/// %y = arith.mulf %x, %scale
/// ```
/// becomes
/// ```
/// %x = kcc.load %p[%o]
/// %s = linalg.reduce ins(%x) ...
/// %again = kcc.load %p[%o]                   // from a cache: the same threads read the same elements
/// %y = arith.mulf %again, %scale
/// ```
///
/// What is computed from the tile element by element is computed again too. The rule is [RowRegisters]'. What all programs
/// load is loaded again rather than what each loads for itself, where that leaves enough room.
///
/// Requires and produces: placed level. Does not handle: tiles from spans, tiles carried around loops, reductions in
/// branches and loops of tiles loaded outside of them, memory that the program writes in between (different arguments are
/// taken to be different arrays).
public final class ReloadTilesPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-reload-tiles",
            "tiles are loaded again behind a reduction instead of kept in registers",
            Set.of("placed"),
            Set.of(),
            List.of(new Statistic("loads", "loads made once more")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        Machine machine = context.get(Machine.class);
        int threads = machine.warpSize() * function.attribute("kcc.num_warps").asInt();
        int blocks = Cluster.blocks(function);
        for (Operation reduction : reductions(function.region(0), new ArrayList<>())) {
            ReloadPlan plan = ReloadPlan.of(reduction, _ -> true);
            if (plan != null && !RowRegisters.canBeKept(plan.registers(), plan.loaded(), threads, blocks, machine)) {
                ReloadPlan shared = ReloadPlan.of(reduction, ReloadTilesPass::isShared);
                if (shared != null && RowRegisters.canBeKept(plan.registers() - shared.registers(),
                        plan.loaded() - shared.loaded(), threads, blocks, machine)) {
                    plan = shared;
                }
                context.count("loads", plan.rewrite());
                context.remark(reduction, "what is needed behind this reduction, %d registers in each of %d threads, is loaded again"
                        .formatted(plan.registers(), threads));
            }
        }
    }

    /// Whether all programs load the same, weights say: these come from a cache in any case.
    private static boolean isShared(Operation load) {
        return !dependsOnProgram(load, new HashSet<>());
    }

    private static boolean dependsOnProgram(Operation op, Set<Operation> seen) {
        if (op.is("kcc.program_id")) {
            return true;
        }
        if (!seen.add(op)) {
            return false;
        }
        for (Value operand : op.operands()) {
            if (operand.definingOp() == null ? operand.ownerBlock().parentOp().is("scf.for")
                    : dependsOnProgram(operand.definingOp(), seen)) {
                return true;
            }
        }
        return false;
    }

    /// In the order of the text.
    private static List<Operation> reductions(Region region, List<Operation> found) {
        for (Block block : region.blocks()) {
            for (Operation op : block.operations()) {
                if (op.is("linalg.reduce")) {
                    found.add(op);
                } else {
                    op.regions().forEach(inner -> reductions(inner, found));
                }
            }
        }
        return found;
    }
}
