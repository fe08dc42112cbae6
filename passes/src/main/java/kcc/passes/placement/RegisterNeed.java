// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.diag.Diagnostic;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.scheduler.machine.Machine;

/// Finds tiles that no thread can hold, before code is generated for them.
///
/// This is a lower bound: one tile alone, nothing else alive. What passes here may still spill, which the manifest
/// and a warning say; what fails here cannot be anything but memory traffic.
final class RegisterNeed {
    private static final int REGISTER_BITS = 32;

    private final Placement placement;
    private final Machine machine;
    private final int threads;

    RegisterNeed(Placement placement, Machine machine, int threads) {
        this.placement = placement;
        this.machine = machine;
        this.threads = threads;
    }

    /// The first tile that does not fit, as an error at the operation that makes or takes it, or null.
    Diagnostic overUse(Operation function) {
        List<Diagnostic> found = new ArrayList<>();
        function.walkPreOrder(op -> {
            if (found.isEmpty()) {
                Diagnostic overUse = overUseAt(op);
                if (overUse != null) {
                    found.add(overUse);
                }
            }
        });
        return found.isEmpty() ? null : found.getFirst();
    }

    private Diagnostic overUseAt(Operation op) {
        Placement.Product product = placement.product(op);
        if (product != null) {
            Diagnostic left = check(op, op.operand(0), product.a());
            return left != null ? left : check(op, op.operand(1), product.b());
        }
        for (Value result : op.results()) {
            Diagnostic overUse = check(op, result, placement.layout(result));
            if (overUse != null) {
                return overUse;
            }
        }
        return null;
    }

    private Diagnostic check(Operation op, Value value, LinearLayout layout) {
        if (layout == null) {
            return null;
        }
        TensorType tile = TensorType.of(value.type());
        long needed = Math.ceilDiv((long) layout.registers() * tile.element().bitWidth(), REGISTER_BITS);
        int allowed = machine.isa().registers().perThread(threads);
        if (needed <= allowed) {
            return null;
        }
        return Diagnostic.error(
                "KCC2202",
                op.location().toSource(),
                "a tile of shape %s and type %s needs %d registers in each of %d threads; %s allows %d"
                    .formatted(tile.shape(), tile.element(), needed, threads, machine.name(), allowed))
            .withHelp("make the tile smaller: the constants of its shape, or 'auto' in their place");
    }
}
