// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Value;

/// What each value of the placed level has become: one value for each register.
final class Values {
    private final Map<Value, List<Value>> registers = new HashMap<>();

    void bind(Value old, List<Value> values) {
        registers.put(old, values);
    }

    void bind(Value old, Value value) {
        registers.put(old, List.of(value));
    }

    List<Value> of(Value old) {
        List<Value> values = registers.get(old);
        if (values == null) {
            throw new IllegalStateException("value " + old + " is used before it is lowered");
        }
        return values;
    }

    /// The value of a scalar or of a tile of rank 0.
    Value scalar(Value old) {
        List<Value> values = of(old);
        if (values.size() != 1) {
            throw new IllegalStateException("value " + old + " is no scalar");
        }
        return values.getFirst();
    }

    /// The value of a register; a scalar is the same for all.
    Value register(Value old, int register) {
        List<Value> values = of(old);
        return values.size() == 1 ? values.getFirst() : values.get(register);
    }
}
