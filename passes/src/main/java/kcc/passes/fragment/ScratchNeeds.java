// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.Map;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Operation;
import kcc.scheduler.machine.Machine;

/// What the operations of a placed function need of shared memory while they run.
public final class ScratchNeeds {
    private ScratchNeeds() {}

    /// By operation, in the order of the text.
    ///
    /// @throws UnsupportedException if an operation cannot be lowered at all
    public static Map<Operation, ScratchNeed> of(Operation function, Machine machine) {
        return LowerToFragmentsPass.plan(function, machine).scratch(function);
    }
}
