// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// A branch that stores a vector, or single elements of it at the end of a row, becomes two: nearly all vectors are whole, and
/// a condition that is known costs nothing.
///
/// ```
/// scf.if %meets {
///   %w = scf.if %c { load 16 bytes } else { load elements }
///   ...
///   kcc.store_vector %y, %p if %whole
///   scf.if (not %whole) { store elements }
/// }
/// ```
/// becomes
/// ```
/// scf.if (%c and %whole) { %w = load 16 bytes ... llvm.store %y, %p } else { scf.if %meets { ... } }
/// ```
///
/// A warp that holds an end of a row runs both. Where a block has few warps and weights are loaded twice then, that costs more
/// than it brings: RMS norm of 527, 1045, 3281 and 12983 columns on one H200 0.70, 0.70, 0.95 and 0.87 of a copy, without
/// 0.77, 0.77, 0.96 and 0.86; layer norm 0.58, 0.57, 0.80 and 0.72, without 0.64, 0.64, 0.79 and 0.69.
final class WholeVector {
    private static final int LEAST_WARPS_WITH_WEIGHTS = 4;

    private final Operation branch;
    private final Conjunction whole;

    private WholeVector(Operation branch, Conjunction whole) {
        this.branch = branch;
        this.whole = whole;
    }

    /// The whole vector of a branch; null where it has none, or there is nothing else.
    static WholeVector of(Operation branch, WeightLoads weights) {
        if (branch.resultCount() > 0) {
            return null;
        }
        Set<Value> inside = new HashSet<>();
        List<Conjunction> conditions = new ArrayList<>();
        boolean[] hasElements = {false};
        boolean[] hasWeights = {false};
        branch.walkPreOrder(inner -> {
            inside.addAll(inner.results());
            boolean isWhole = inner.is("kcc.store_vector") && inner.operandCount() == 3 && inner.operand(0).type().isVector();
            if (isWhole || weights.isBranch(inner)) {
                conditions.add(Conjunction.of(inner.operand(isWhole ? 2 : 0)));
            }
            hasWeights[0] |= weights.isBranch(inner);
            hasElements[0] |= inner.is("kcc.store_vector") && !inner.operand(0).type().isVector();
        });
        Conjunction whole = Conjunction.of(branch.operand(0));
        for (Conjunction condition : conditions) {
            whole = whole.and(condition);
        }
        boolean isKnown = Collections.disjoint(whole.above().keySet(), inside) && Collections.disjoint(whole.atMost().keySet(), inside)
                && Collections.disjoint(whole.others(), inside);
        boolean pays = hasElements[0] && (!hasWeights[0] || weights.warps() >= LEAST_WARPS_WITH_WEIGHTS);
        return pays && isKnown ? new WholeVector(branch, whole) : null;
    }

    /// Whether a condition cannot hold where the vector is whole.
    private boolean isExcluded(Value condition) {
        Operation op = condition.definingOp();
        Operation one = op != null && op.is("arith.xori") ? op.operand(1).definingOp() : null;
        boolean isNot = one != null && one.is("arith.constant") && one.attribute("value").asLong() != 0;
        return isNot ? whole.implies(Conjunction.of(op.operand(0))) : whole.excludes(Conjunction.of(condition));
    }

    void rewrite() {
        // The branch itself goes into what is written before this.
        Operation place = Emitter.beforeOperation(branch).at(branch.location()).poison(branch.operand(0).type()).definingOp();
        Emitter emitter = Emitter.beforeOperation(place).at(branch.location());
        emitter.choose(whole.write(emitter), List.of(),
                then -> {
                    Operation copy = branch.copy();
                    then.builder().insert(copy);
                    Operation marker = then.poison(branch.operand(0).type()).definingOp();
                    move(copy, marker, then);
                    marker.erase();
                    copy.erase();
                    return List.of();
                },
                other -> {
                    Operation marker = other.poison(branch.operand(0).type()).definingOp();
                    branch.moveBefore(marker);
                    marker.erase();
                    return List.of();
                });
        place.erase();
    }

    /// Moves what a branch does whose condition is known.
    private void move(Operation known, Operation marker, Emitter emitter) {
        for (Operation op : List.copyOf(known.region(0).first().operations())) {
            if (op.is("scf.yield")) {
                for (int i = 0; i < known.resultCount(); i++) {
                    known.result(i).replaceAllUsesWith(op.operand(i));
                }
            } else if (op.is("scf.if") && whole.implies(Conjunction.of(op.operand(0)))) {
                move(op, marker, emitter);
            } else if (!op.is("scf.if") || op.resultCount() > 0 || !isExcluded(op.operand(0))) {
                op.moveBefore(marker);
                if (op.is("kcc.store_vector") && op.operandCount() == 3 && whole.implies(Conjunction.of(op.operand(2)))) {
                    AccessLowering.store(op, op.operand(0), op.operand(1), null, op.attribute("alignment").asLong(),
                            emitter.before(op));
                    op.erase();
                }
            }
        }
    }
}
