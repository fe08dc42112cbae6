// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// Reads the layouts of tile types, each once.
final class TileTypes {
    private final Map<Type, Registers> known = new HashMap<>();

    /// @throws IllegalArgumentException if the type is a tile without layout
    Registers registers(Type type) {
        return known.computeIfAbsent(type, TileTypes::read);
    }

    Registers registers(Value value) {
        return registers(value.type());
    }

    LinearLayout layout(Value value) {
        return registers(value.type()).layout();
    }

    /// Whether a value is spread over threads; a tile of rank 0 is not.
    static boolean isTile(Value value) {
        return value.type().isTensor() && TensorType.of(value.type()).rank() > 0;
    }

    static int[] shape(Value value) {
        List<Long> shape = TensorType.of(value.type()).shape();
        int[] sizes = new int[shape.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = Math.toIntExact(shape.get(i));
        }
        return sizes;
    }

    private static Registers read(Type type) {
        if (!type.isTensor()) {
            return Registers.SCALAR;
        }
        TensorType tensor = TensorType.of(type);
        if (tensor.rank() == 0) {
            return Registers.SCALAR;
        }
        Attribute layout = tensor.encoding();
        if (layout == null || !layout.toString().startsWith("#kcc.layout")) {
            throw new IllegalArgumentException("tile " + type + " has no layout");
        }
        int[] shape = new int[tensor.rank()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.toIntExact(tensor.shape().get(i));
        }
        return Registers.of(LinearLayout.parse(layout.toString(), shape));
    }
}
