// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import kcc.mlir.ir.Type;
import kcc.scheduler.machine.NumericType;

/// MLIR's element types in the words of the machine model.
final class NumericTypes {

    private NumericTypes() {}

    /// The format of an element type, or null when no matrix unit has it.
    static NumericType of(Type type) {
        return switch (type.toString()) {
            case "f64" -> NumericType.F64;
            case "f32" -> NumericType.F32;
            case "f16" -> NumericType.F16;
            case "bf16" -> NumericType.BF16;
            case "f8E4M3FN" -> NumericType.F8E4M3;
            case "f8E5M2" -> NumericType.F8E5M2;
            case "i32" -> NumericType.I32;
            case "i8" -> NumericType.I8;
            default -> null;
        };
    }
}
