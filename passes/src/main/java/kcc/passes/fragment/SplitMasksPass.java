// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Selects single elements only in vectors that a row's end lies in.
///
/// ```
/// %x0 = arith.select (%left > 0), %a0, %none          // %left: elements of the row from here on
/// ...
/// %x7 = arith.select (%left > 7), %a7, %none
/// ```
/// becomes
/// ```
/// %m:8 = scf.if (%left > 7) { yield %a0 ... %a7 }     // all of them, nearly everywhere
///        else { yield (select (%left > 0), %a0, %none) ... }
/// %x0 = arith.select (%left > 0), %m0, %none          // any of them: one condition, for kcc-sink-selects
/// ...
/// %x7 = arith.select (%left > 0), %m7, %none
/// ```
///
/// Conditions are comparisons of one number with neighbouring constants; further comparisons (a row's begin), which go the
/// same way, and conditions that all elements share may be joined to them.
///
/// Requires and produces: fragment level. Does not handle: masks that are loaded, selections in which something is needed
/// before all of the vector is computed.
public final class SplitMasksPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-split-masks",
            "elements are selected one by one only in vectors that a row's end lies in",
            Set.of("fragments"),
            Set.of(),
            List.of(new Statistic("vectors", "vectors of selections")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        context.count("vectors", split(function));
    }

    /// Gives the number of vectors.
    static int split(Operation op) {
        return InnermostFirst.change(op, _ -> true, SplitMasksPass::splitIn);
    }

    private static int splitIn(Block block) {
        List<MaskedVector> vectors = MaskedVector.find(block);
        Map<Conjunction, Value> known = new HashMap<>();
        vectors.forEach(vector -> vector.rewrite(known));
        // Only now: one may be where another one is written, or be selected from once more.
        Set<Operation> unused = new HashSet<>();
        vectors.forEach(vector -> unused.addAll(vector.selections()));
        block.operations().reversed().stream().filter(unused::contains).forEach(Operation::erase);
        return vectors.size();
    }
}
