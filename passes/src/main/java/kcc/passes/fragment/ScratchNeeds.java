// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import kcc.mlir.diag.UnsupportedException;
import kcc.mlir.ir.Operation;
import kcc.scheduler.machine.Machine;

/// What the operations of a placed function need of shared memory, in the order of the text.
///
/// @param scratch used while the operation runs
/// @param slots   bytes in which the operation receives what the other blocks of a cluster send, at any time
public record ScratchNeeds(Map<Operation, ScratchNeed> scratch, Map<Operation, Long> slots) {
    public ScratchNeeds {
        scratch = Collections.unmodifiableMap(new LinkedHashMap<>(scratch));
        slots = Collections.unmodifiableMap(new LinkedHashMap<>(slots));
    }

    /// @throws UnsupportedException if an operation cannot be lowered at all
    public static ScratchNeeds of(Operation function, Machine machine) {
        return of(function, LowerToFragmentsPass.plan(function, machine));
    }

    static ScratchNeeds of(Operation function, FragmentPlan plan) {
        Map<Operation, Long> slots = new LinkedHashMap<>();
        plan.exchanges(function).forEach((op, exchange) -> slots.put(op, exchange.bytes()));
        function.walkPreOrder(op -> {
            if (plan.blockSums().containsKey(op)) {
                slots.put(op, plan.blockSums().get(op).bytes());
            }
        });
        return new ScratchNeeds(plan.scratch(function), slots);
    }
}
