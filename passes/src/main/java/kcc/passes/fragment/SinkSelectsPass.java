// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.Analysis;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Computes first and selects afterwards, where one selection then does for several elements.
///
/// ```
/// %a = arith.select %c, %x, %none          // a vector's elements share the condition
/// %b = arith.select %c, %y, %none
/// %m = arith.maxnumf %a, %b
/// ```
/// becomes
/// ```
/// %t = arith.maxnumf %x, %y
/// %e = arith.maxnumf %none, %none          // the same for every vector, so computed once
/// %m = arith.select %c, %t, %e
/// ```
///
/// Nothing is taken for granted of the function that is computed: where the condition does not hold, the result is what the
/// function gives for the other values of the selections. A result that is only needed where the condition holds (it is
/// stored under it, say) is not selected at all, and loads under a condition are selections between memory and what they
/// give instead. [SelectSinking] decides by the number of instructions.
///
/// Requires and produces: fragment level. Does not handle: values carried out of a block, selections between two numbers that
/// are not constant.
public final class SinkSelectsPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-sink-selects",
            "one selection for the result of several elements instead of one for each",
            Set.of("fragments"),
            Set.of(),
            List.of(new Statistic("fewer", "instructions that are not needed any more")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        context.count("fewer", sink(function));
    }

    /// Gives the number of instructions that are not needed any more.
    static int sink(Operation op) {
        return InnermostFirst.change(op, _ -> true, SinkSelectsPass::sinkIn);
    }

    private static int sinkIn(Block block) {
        if (SelectSinking.analyze(block) instanceof Analysis.Plan<SelectSinking>(SelectSinking plan)) {
            plan.rewrite();
            return plan.gain();
        }
        return 0;
    }
}
