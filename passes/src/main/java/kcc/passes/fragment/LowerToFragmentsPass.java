// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import java.util.Set;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;
import kcc.passes.analysis.AxisAnalysis;
import kcc.passes.analysis.AxisFacts;
import kcc.passes.analysis.IntegerRange;
import kcc.passes.layout.Conversion;
import kcc.passes.layout.Vectorization.AddressFacts;
import kcc.scheduler.machine.Machine;
import kcc.scheduler.machine.MatrixInstruction;

/// Turns a function over placed tiles into the code of one thread: a tile of n registers becomes n scalars.
///
/// ```
/// %x = kcc.load %p[%o] : !kcc.ptr<f32>, tensor<256xi32, #L> -> tensor<256xf32, #L>     // #L: 8 registers, 4 neighbours
/// %y = arith.mulf %x, %c : tensor<256xf32, #L>
/// ```
/// becomes
/// ```
/// %a0 = llvm.getelementptr %p[%o0] : (!llvm.ptr<1>, i32) -> !llvm.ptr<1>, f32
/// %v0 = llvm.load %a0 {alignment = 16} : !llvm.ptr<1> -> vector<4xf32>                 // and %v1
/// %x0 = llvm.extractelement %v0[%c0_i32 : i32] : vector<4xf32>                         // and %x1 ... %x7
/// %y0 = arith.mulf %x0, %c : f32                                                       // and %y1 ... %y7
/// ```
///
/// Copies of an element in one thread are one value; those in several threads are loaded by all and stored by one.
/// What cannot be lowered is found by [FragmentPlanner] before anything changes.
///
/// Blocks of a cluster that share tiles run the same code on their shares; `gpu.cluster_id` numbers the programs then.
///
/// Requires: placed level with scratch and barriers planned. Produces: fragment level.
/// Does not handle: scans, sorts, gathers, products and old values of atomic updates over several blocks, constants whose elements differ,
/// tiles of pointers, control flow other than `scf`.
public final class LowerToFragmentsPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-lower-to-fragments",
            "placed tiles become the scalars of one thread",
            Set.of("placed", "scratch", "barriers"),
            Set.of("fragments"),
            List.of(new Statistic("accesses", "accesses to global memory, by any number of instructions"),
                    new Statistic("full-width", "accesses as wide as the machine allows"),
                    new Statistic("shuffled", "tiles moved between lanes by shuffles"),
                    new Statistic("through-shared-memory", "tiles moved through shared memory")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        Machine machine = context.get(Machine.class);
        FragmentPlan plan = plan(function, machine);
        for (Operation op : plan.scratch(function).keySet()) {
            if (!op.hasAttribute(Scratch.OFFSET)) {
                throw new UnsupportedException(Diagnostic.error("KCC2303", op.location().toSource(),
                        "'" + op.name() + "' needs shared memory, but none is planned for it")
                        .withHelp("run kcc-allocate-shared before"));
            }
        }
        for (Operation op : plan.exchanges(function).keySet()) {
            if (!op.hasAttribute(Scratch.SLOTS_OFFSET)) {
                throw new UnsupportedException(Diagnostic.error("KCC2303", op.location().toSource(),
                        "'" + op.name() + "' needs slots for the blocks of its cluster, but none are planned for it")
                        .withHelp("run kcc-allocate-shared before"));
            }
        }
        report(plan, context);
        FunctionLowering.rewrite(function, plan);
        int threads = machine.warpSize() << plan.warpBits();
        function.setAttribute("known_block_size", Attributes.denseI32(function.context(), threads, 1, 1));
        if (!function.hasAttribute("kcc.shared_bytes")) {
            function.setAttribute("kcc.shared_bytes", Attributes.i64(function.context(), 0));
        }
    }

    static FragmentPlan plan(Operation function, Machine machine) {
        return FragmentPlanner.plan(function, FragmentTarget.of(machine, function), facts(function), name -> shape(machine, name));
    }

    /// Facts along the dimension with the longest runs of neighbours, the last one if there are several.
    static AccessFactsSource facts(Operation function) {
        AxisAnalysis axes = AxisAnalysis.of(function);
        return new AccessFactsSource() {
            @Override
            public Facts of(Operation access) {
                int rank = TensorType.of(Access.of(access).offset().type()).rank();
                Facts best = null;
                for (int axis = rank - 1; axis >= 0; axis--) {
                    AddressFacts facts = axes.address(access, axis);
                    if (best == null || facts.contiguity() > best.facts().contiguity()) {
                        best = new Facts(axis, facts);
                    }
                }
                return best;
            }

            @Override
            public long alignment(Value pointer) {
                return axes.facts(pointer).divisor();
            }

            @Override
            public IntegerRange range(Value value) {
                return axes.facts(value).range();
            }

            @Override
            public List<Long> constancies(Value tile) {
                AxisFacts facts = axes.facts(tile);
                return facts == null ? List.of() : facts.axes().stream().map(AxisFacts.Axis::constancy).toList();
            }
        };
    }

    private static ProductShapes.Shape shape(Machine machine, String name) {
        if (name.equals(ProductLowering.MULTIPLY_ADD)) {
            return new ProductShapes.Shape(1, 1, 1);
        }
        MatrixInstruction instruction = machine.isa().matrixInstruction(name);
        return instruction == null ? null : new ProductShapes.Shape(instruction.m(), instruction.n(), instruction.k());
    }

    /// Says how wide each access is and why it is no wider.
    private static void report(FragmentPlan plan, PassContext context) {
        plan.accesses().forEach((op, access) -> {
            context.count("accesses", 1);
            context.count("full-width", access.why() == null ? 1 : 0);
            if (Access.of(op).isTile()) {
                int bytes = access.width() * SharedScratch.bytesOf(PointerTypes.pointee(Access.of(op).base().type()));
                String count = access.vectors().size() == 1 ? "one access" : access.vectors().size() + " accesses";
                String width = count + " of " + bytes + (bytes == 1 ? " byte" : " bytes") + " in each thread";
                String edge = access.isMaskSplit() ? ", single elements where the mask ends" : "";
                context.remark(op, access.why() == null ? width + edge : width + edge + ": " + access.why());
            }
        });
        plan.spans().forEach((op, span) -> context.remark(op, "%d-byte accesses through %d bytes of shared memory".formatted(
                span.tiles().getFirst().vectorBytes(), span.scratch().bytes())));
        for (Conversion move : plan.moves().values()) {
            context.count("shuffled", move instanceof Conversion.Shuffle ? 1 : 0);
            context.count("through-shared-memory", move instanceof Conversion.SharedMemory ? 1 : 0);
        }
    }
}
