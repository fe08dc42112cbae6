// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.memory;

import java.util.LinkedHashMap;
import java.util.Map;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Operation;

/// Places the slots into which the blocks of a cluster push values for each other.
///
/// Another block may be ahead and push while this one still does what comes before. So slots share bytes with nothing, which
/// is cheap: they hold one value for each block.
public final class SlotPlacement {
    /// The widest access of a thread to shared memory.
    private static final long ALIGNMENT = 16;

    private final Map<Operation, Long> bytes;
    private final Map<Operation, Long> offsets = new LinkedHashMap<>();
    private final long end;

    private SlotPlacement(Map<Operation, Long> bytes, long from) {
        this.bytes = bytes;
        long next = from;
        for (Map.Entry<Operation, Long> slots : bytes.entrySet()) {
            next = next + ALIGNMENT - 1 & -ALIGNMENT;
            offsets.put(slots.getKey(), next);
            next += slots.getValue();
        }
        this.end = next;
    }

    /// @param bytes of each operation
    /// @param from  bytes of the scratch of the function, behind which slots begin
    public static SlotPlacement of(Map<Operation, Long> bytes, long from) {
        return new SlotPlacement(bytes, from);
    }

    /// Bytes of shared memory that the function needs, the scratch included.
    public long end() {
        return end;
    }

    /// Writes the placement into attributes.
    public void write(Operation function) {
        offsets.forEach((op, offset) -> {
            op.setAttribute("kcc.slots_offset", Attributes.i64(op.context(), offset));
            op.setAttribute("kcc.slots_size", Attributes.i64(op.context(), bytes.get(op)));
        });
        function.setAttribute("kcc.shared_bytes", Attributes.i64(function.context(), end));
    }
}
