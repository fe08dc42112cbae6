// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import kcc.mlir.ir.MlirContext;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.OwnedModule;
import kcc.passes.layout.BankModel;
import kcc.passes.layout.ConversionPlanner;
import kcc.passes.layout.MatrixFragments;
import kcc.passes.memory.BarrierMarks;
import kcc.passes.memory.ScratchPlacement;
import kcc.passes.memory.SlotPlacement;

/// A function of the placed level, lowered and run by tests on a made-up machine.
final class PlacedKernel implements AutoCloseable {
    private final MlirContext context = MlirContext.create();
    private final OwnedModule module;
    private final int lanes;
    private final Map<String, MatrixFragments> instructions;

    private PlacedKernel(String text, int lanes, Map<String, MatrixFragments> instructions) {
        this.module = context.parse(text, "kernel.mlir");
        this.lanes = lanes;
        this.instructions = instructions;
    }

    /// @param arguments and body as MLIR text
    static PlacedKernel of(int lanes, int warps, String arguments, String body) {
        return of(lanes, warps, Map.of(), arguments, body);
    }

    static PlacedKernel of(int lanes, int warps, Map<String, MatrixFragments> instructions, String arguments, String body) {
        return of(lanes, "kcc.num_warps = " + warps + " : i32", instructions, arguments, body);
    }

    /// A kernel whose programs take several blocks each.
    static PlacedKernel ofCluster(int lanes, int warps, int blocks, String arguments, String body) {
        return of(lanes, "kcc.num_warps = " + warps + " : i32, kcc.cluster_blocks = " + blocks + " : i32", Map.of(), arguments,
                body);
    }

    /// A kernel whose blocks divide sums.
    static PlacedKernel ofSums(int lanes, int warps, int blocks, String arguments, String body) {
        return of(lanes, "kcc.num_warps = " + warps + " : i32, kcc.sum_blocks = " + blocks + " : i32", Map.of(), arguments, body);
    }

    private static PlacedKernel of(int lanes, String attributes, Map<String, MatrixFragments> instructions, String arguments,
            String body) {
        return new PlacedKernel("""
                gpu.module @m {
                  gpu.func @kernel(%s) kernel attributes {%s} {
                %s
                    gpu.return
                  }
                }
                """.formatted(arguments, attributes, body), lanes, instructions);
    }

    static FragmentTarget target(int lanes, double shuffle) {
        return target(lanes, shuffle, 1 << 16);
    }

    static FragmentTarget target(int lanes, double shuffle, long sharedBytes) {
        return new FragmentTarget(lanes, BankModel.uniform(32, 4, Math.max(lanes, 8), 16), sharedBytes,
                new ConversionPlanner.Costs(shuffle, 1, 2, 30), 16);
    }

    PlacedKernel lowered(FragmentTarget target, AccessFactsSource facts) {
        Operation function = function();
        ProductShapes shapes = name -> {
            MatrixFragments fragments = instructions.get(name);
            return name.equals("fma") ? new ProductShapes.Shape(1, 1, 1)
                    : fragments == null ? null : new ProductShapes.Shape(fragments.m(), fragments.n(), fragments.k());
        };
        FragmentPlan plan = FragmentPlanner.plan(function, target, facts, shapes);
        ScratchNeeds needs = ScratchNeeds.of(function, plan);
        ScratchPlacement scratch = ScratchPlacement.of(function, needs.scratch());
        scratch.write(function, needs.scratch());
        SlotPlacement.of(needs.slots(), scratch.bytes()).write(function);
        BarrierMarks.find(function).write();
        FunctionLowering.rewrite(function, plan);
        assertTrue(module.operation().verify(), () -> "does not verify: " + module.operation().print());
        module.operation().walk(op -> {
            for (var result : op.results()) {
                assertFalse(result.type().isTensor(), () -> "a tile is left: " + op);
            }
        });
        return this;
    }

    PlacedKernel lowered(FragmentTarget target) {
        return lowered(target, LowerToFragmentsPass.facts(function()));
    }

    PlacedKernel lowered() {
        return lowered(target(lanes, 1));
    }

    Operation function() {
        return module.operation().find("gpu.func").getFirst();
    }

    /// Runs one block; gives how often each operation was executed.
    Map<String, Integer> run(Object... arguments) {
        return BlockInterpreter.run(function(), lanes, instructions, List.of(arguments));
    }

    /// Runs the blocks of a cluster in random turns; gives how often block 0 executed each operation.
    Map<String, Integer> runCluster(int blocks, Random random, Object... arguments) {
        int bytes = function().attribute("kcc.shared_bytes").asInt();
        return BlockInterpreter.runCluster(function(), lanes, new SimulatedCluster(blocks, bytes, random), List.of(arguments));
    }

    String text() {
        return module.operation().print();
    }

    @Override
    public void close() {
        module.close();
        context.close();
    }
}
