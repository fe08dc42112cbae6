// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.scheduler.machine.Machine;

/// Gives every tile a layout over registers, lanes and warps, and over the blocks of a cluster where several run a program.
///
/// ```
/// %x = kcc.load %p[%o] : ..., tensor<256xi32> -> tensor<256xf32>
/// %y = arith.mulf %x, %c : tensor<256xf32>
/// ```
/// becomes, for one warp of 32 lanes and 16-byte accesses,
/// ```
/// %x = kcc.load %p[%o] : ..., tensor<256xi32, #L> -> tensor<256xf32, #L>
/// %y = arith.mulf %x, %c : tensor<256xf32, #L>
/// #L = #kcc.layout<rank = 1, register = [[1], [2], [128]], lane = [[4], [8], [16], [32], [64]], warp = [], block = []>
/// ```
///
/// Accesses bring coalesced layouts, products the fragments of a matrix instruction, and everything
/// else follows its operands ([LayoutPlanner]). Constants, indices and what is computed from them
/// alone are computed again in each layout that is asked for; other values are converted by
/// `kcc.convert_layout` ([LayoutRewriter]).
///
/// Requires: pointer accesses, a number of warps; the blocks of a cluster if there are several. Produces: placed level.
/// Does not handle: batched products (unrolled before), constants that are no splats.
public final class AssignLayoutsPass implements KccPass {

    public static final PassInfo INFO =
        new PassInfo(
            "kcc-assign-layouts",
            "a layout over registers, lanes, warps and blocks for every tile",
            Set.of("pointer-accesses", "warps"),
            Set.of("placed"),
            List.of(new Statistic("conversions", "tiles moved from one layout to another")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        Machine machine = context.get(Machine.class);
        switch (analyze(function, machine)) {
            case Analysis.Plan<Placement>(Placement plan) ->
                context.count("conversions", new LayoutRewriter(plan).rewriteFunction(function));
            case Analysis.NotApplicable<Placement>(String why) -> context.remark(function, why);
            case Analysis.Illegal<Placement>(Diagnostic diagnostic) -> context.fail(diagnostic);
        }
    }

    private static Analysis<Placement> analyze(Operation function, Machine machine) {
        List<Operation> accesses = new ArrayList<>();
        List<Value> spans = new ArrayList<>();
        Operation[] unknown = new Operation[1];
        function.walk(
            op -> {
                switch (TileOps.role(op)) {
                    case ACCESS -> {
                        if (TileOps.isTile(TileOps.offsets(op))) {
                            accesses.add(op);
                        }
                    }
                    case SPAN -> spans.addAll(op.is("kcc.load_span") ? op.results() : op.operands().subList(0, 1));
                    case UNKNOWN -> unknown[0] = op;
                    case SOURCE, ELEMENTWISE, RESHAPING, REDUCTION, ALONG_AXIS, EXCHANGE, PRODUCT, COPY_OUT, FILL, CONTROL, UNIFORM -> {}
                }
            });
        if (unknown[0] != null) {
            return new Analysis.Illegal<>(
                Diagnostic.error(
                    "KCC2201",
                    unknown[0].location().toSource(),
                    "no layout is known for the operation " + unknown[0].name()));
        }
        int warps = (int) function.attribute("kcc.num_warps").asLong();
        AccessLayouts layouts = new AccessLayouts(accesses, spans, function.find("kcc.fill"), function.find("kcc.scan"), AxisAnalysis.of(function),
            machine, warps, TileSpread.of(function, machine.warpSize() * warps));
        MatrixPlacement matrices = new MatrixPlacement(machine, warps, layouts);
        Placement placement = new LayoutPlanner(layouts, matrices).planFunction(function);
        Diagnostic overUse = new RegisterNeed(placement, machine, machine.warpSize() * warps).overUse(function);
        return overUse != null ? new Analysis.Illegal<>(overUse) : new Analysis.Plan<>(placement);
    }
}
