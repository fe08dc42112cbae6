// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;
import kcc.passes.layout.MatrixFragments;

/// The plan of `kcc-assign-layouts`: which values have a layout of their own, and what accesses and
/// products ask for.
///
/// A value without an entry is *free*: it is cheap to compute again (constants, indices, splats and
/// what is computed from them alone) or a change of shape, and takes whatever layout its users ask
/// for.
final class Placement {

    /// What a product wants: operands and accumulator, and the instruction that eats them. Factors in buffers have no layout.
    record Product(String instruction, LinearLayout a, LinearLayout b, LinearLayout accumulator) {}

    private final Map<Value, LinearLayout> layouts = new HashMap<>();
    private final Map<Operation, LinearLayout> accesses = new HashMap<>();
    private final Map<Operation, List<LinearLayout>> operands = new HashMap<>();
    private final Map<Operation, Product> products = new HashMap<>();

    /// The layout of a value, or null for a free one.
    LinearLayout layout(Value value) {
        return layouts.get(value);
    }

    /// Whether this changed the plan.
    boolean place(Value value, LinearLayout layout) {
        return layout != null && !layout.equals(layouts.put(value, layout));
    }

    /// The layout in which a load, store or atomic update touches memory.
    LinearLayout access(Operation op) {
        return accesses.get(op);
    }

    void access(Operation op, LinearLayout layout) {
        accesses.put(op, layout);
    }

    /// What an operation with layouts of its own asks for, by operand.
    List<LinearLayout> operands(Operation op) {
        return operands.get(op);
    }

    void operands(Operation op, List<LinearLayout> layouts) {
        operands.put(op, layouts);
    }

    Product product(Operation op) {
        return products.get(op);
    }

    void product(Operation op, Product product) {
        products.put(op, product);
    }
}
