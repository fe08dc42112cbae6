// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.pass.KccPass;
import kcc.mlir.pass.PassContext;
import kcc.mlir.pass.PassInfo;
import kcc.mlir.pass.Statistic;

/// Branches around what is only needed where a condition holds: tiles are powers of two, rows are not, and up to half of a
/// tile's vectors have no element in the row.
///
/// ```
/// %e0 = arith.extf %h0 : bf16 to f32
/// ...
/// %m = arith.maxnumf %m6, %e7
/// %s = arith.select %c, %m, %none            // nobody else needs %m
/// ...
/// kcc.store_vector %v, %p if %c              // nor %v
/// ```
/// becomes
/// ```
/// %s = scf.if %c { %e0 = ... yield %m } else { yield %none }
/// ...
/// scf.if %c { ... llvm.store %v, %p }
/// ```
///
/// What one branch computes and a later one under the same condition uses is handed on, undefined where the condition does
/// not hold. Loads of rows stay where they are, so that all of them are in flight at once; for those of weights see
/// [WeightLoads] and [BranchPairs], for vectors of which only some elements are stored [WholeVector].
///
/// Requires and produces: fragment level. Does not handle: blocks that reduce nothing (running sums need registers more than
/// branches: 0.07 instead of 0.86 for 32768 columns), fewer instructions than [DemandedVector#LEAST], what is needed
/// under several conditions of which none follows from the others.
public final class SkipVectorsPass implements KccPass {
    public static final PassInfo INFO = new PassInfo(
            "kcc-skip-vectors",
            "branches around what is only needed where a vector's condition holds",
            Set.of("fragments"),
            Set.of(),
            List.of(new Statistic("branches", "branches made")),
            List.of(),
            "gpu.func");

    @Override
    public PassInfo info() {
        return INFO;
    }

    @Override
    public void run(Operation function, PassContext context) {
        context.count("branches", skip(function));
    }

    /// Gives the number of branches.
    static int skip(Operation op) {
        // What is in a branch is skipped with it.
        return InnermostFirst.change(op, inner -> !inner.is("scf.if"), SkipVectorsPass::skipIn);
    }

    private static int skipIn(Block block) {
        BranchPairs.join(block);
        List<DemandedVector> vectors = DemandedVector.find(block);
        WeightLoads weights = WeightLoads.of(block);
        if (vectors.stream().noneMatch(vector -> vector.isBranch()
                && (!vector.exits().isEmpty() || vector.members().stream().anyMatch(weights::isLate)))) {
            // Only stores: what they store is computed before anyway, and would be held for the branches.
            return 0;
        }
        weights.hoist();
        List<Operation> storing = vectors.stream().map(DemandedVector::rewrite).filter(Objects::nonNull).toList();
        // Only now: one may be what another branch stands before.
        vectors.removeIf(vector -> !vector.isBranch());
        vectors.reversed().forEach(vector -> vector.exits().reversed().forEach(Operation::erase));
        // Values have changed.
        WeightLoads left = WeightLoads.of(block);
        storing.stream().map(branch -> WholeVector.of(branch, left)).filter(Objects::nonNull).forEach(WholeVector::rewrite);
        return vectors.size();
    }
}
