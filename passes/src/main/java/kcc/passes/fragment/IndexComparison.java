// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Operation;
import kcc.passes.analysis.IntegerRange;

/// A comparison of a tile of integers, both sides so small that their difference does not overflow.
///
/// @param predicate as in `arith.cmpi`
/// @param bound the values of the right side
record IndexComparison(String predicate, IntegerRange bound) {
    /// Null for a comparison of scalars or of numbers that may be large.
    static IndexComparison of(Operation comparison, AccessFactsSource facts) {
        if (!TileTypes.isTile(comparison.operand(0))) {
            return null;
        }
        int bits = comparison.operand(0).type().elementOrSelf().bitWidth() - 1;
        IntegerRange bound = facts.range(comparison.operand(1));
        String predicate = Emitter.PREDICATES.get(comparison.attribute("predicate").asInt());
        boolean isSmall = bits > 0 && bound.fits(bits) && facts.range(comparison.operand(0)).fits(bits);
        return isSmall && !predicate.startsWith("u") ? new IndexComparison(predicate, bound) : null;
    }

    /// What the comparison gives for all numbers of a range, or null if that is not known.
    Boolean of(IntegerRange numbers) {
        boolean isBelow = numbers.max() < bound.min();
        boolean isAbove = numbers.min() > bound.max();
        return switch (predicate) {
            case "slt" -> isBelow ? Boolean.TRUE : numbers.min() >= bound.max() ? Boolean.FALSE : null;
            case "sge" -> isBelow ? Boolean.FALSE : numbers.min() >= bound.max() ? Boolean.TRUE : null;
            case "sle" -> numbers.max() <= bound.min() ? Boolean.TRUE : isAbove ? Boolean.FALSE : null;
            case "sgt" -> numbers.max() <= bound.min() ? Boolean.FALSE : isAbove ? Boolean.TRUE : null;
            case "eq" -> isBelow || isAbove ? Boolean.FALSE : null;
            default -> isBelow || isAbove ? Boolean.TRUE : null;
        };
    }
}
