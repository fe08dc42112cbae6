// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.analysis.IntegerRange;
import kcc.passes.layout.Vectorization.AddressFacts;

/// Tells what is known of integers: the addresses and the mask of an access, the sides of a comparison, equal neighbours.
interface AccessFactsSource {
    /// @param axis the dimension of the tile along which the facts hold
    record Facts(int axis, AddressFacts facts) {}

    /// Null where nothing is known.
    Facts of(Operation access);

    /// A power of two that divides the address, in bytes.
    default long alignment(Value pointer) {
        return 1;
    }

    /// The values that an integer, or the elements of a tile of integers, may have.
    default IntegerRange range(Value value) {
        return IntegerRange.full(value.type().elementOrSelf().bitWidth());
    }

    /// For each dimension the length of aligned groups of equal elements; empty where nothing is known.
    default List<Long> constancies(Value tile) {
        return List.of();
    }
}
