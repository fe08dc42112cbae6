// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.List;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// The operands of an access to global memory by what they mean; null where there is none.
///
/// @param compare what an atomic compare and swap compares with
/// @param value   what is written or combined
/// @param other   what masked-off elements of a load become
record Access(Value compare, Value value, Value base, Value offset, Value mask, Value other) {
    static Access of(Operation op) {
        List<Value> operands = op.operands();
        return switch (op.name()) {
            case "kcc.load" -> {
                List<Long> segments = op.attribute("operandSegmentSizes").asLongs();
                boolean isMasked = segments.get(2) != 0;
                boolean hasOther = segments.get(3) != 0;
                yield new Access(null, null, operands.get(0), operands.get(1), isMasked ? operands.get(2) : null,
                        hasOther ? operands.getLast() : null);
            }
            case "kcc.store", "kcc.atomic_rmw" -> new Access(null, operands.get(0), operands.get(1), operands.get(2),
                    operands.size() > 3 ? operands.get(3) : null, null);
            case "kcc.atomic_cas" ->
                new Access(operands.get(0), operands.get(1), operands.get(2), operands.get(3), null, null);
            default -> throw new IllegalArgumentException(op.name() + " is no access to global memory");
        };
    }

    boolean isTile() {
        return TileTypes.isTile(offset);
    }
}
