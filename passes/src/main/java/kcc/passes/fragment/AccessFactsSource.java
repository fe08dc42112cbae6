// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import kcc.mlir.ir.Operation;
import kcc.passes.layout.Vectorization.AddressFacts;

/// Tells what is known of the addresses and the mask of an access.
interface AccessFactsSource {
    /// @param axis the dimension of the tile along which the facts hold
    record Facts(int axis, AddressFacts facts) {}

    /// Null where nothing is known.
    Facts of(Operation access);
}
