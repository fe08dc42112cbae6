// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Value;

/// The region of a reduction or scan, written out wherever two sets of values are combined.
final class CombineFunction {
    private final Block body;
    private final FunctionLowering lowering;
    private final Values values;

    CombineFunction(Operation op, FunctionLowering lowering, Values values) {
        this.body = op.region(0).first();
        this.lowering = lowering;
        this.values = values;
    }

    /// Combines one value of each operand with another, given in the order of the region's arguments.
    List<Value> apply(List<Value> first, List<Value> second, Emitter emitter) {
        int count = first.size();
        for (int i = 0; i < count; i++) {
            values.bind(body.argument(i), first.get(i));
            values.bind(body.argument(count + i), second.get(i));
        }
        lowering.lower(body, emitter);
        List<Value> combined = new ArrayList<>();
        for (Value yielded : body.terminator().operands()) {
            combined.add(values.scalar(yielded));
        }
        return combined;
    }

    /// Whether combining with this constant surely changes nothing, for functions of one operation.
    static boolean isIdentity(Operation op, Value initial) {
        Operation constant = initial.definingOp();
        Block body = op.region(0).first();
        List<Operation> operations = body.operations();
        if (constant == null || !constant.is("arith.constant") || operations.size() != 2 || body.argumentCount() != 2) {
            return false;
        }
        Operation combine = operations.getFirst();
        List<Value> yielded = operations.getLast().operands();
        if (combine.resultCount() != 1 || yielded.size() != 1 || !yielded.getFirst().equals(combine.result())
                || !takesBoth(combine, body)) {
            return false;
        }
        Attribute value = constant.attribute("value");
        Attribute scalar = value.splatValue() == null ? value : value.splatValue();
        return scalar.isFloat() ? isFloatIdentity(combine.name(), scalar.asDouble())
                : scalar.isInteger() && isIntegerIdentity(combine.name(), scalar);
    }

    private static boolean takesBoth(Operation combine, Block body) {
        List<Value> operands = combine.operands();
        return operands.size() == 2 && operands.contains(body.argument(0)) && operands.contains(body.argument(1));
    }

    /// A sum that begins with +0 differs from one that begins with nothing only in the sign of a zero.
    private static boolean isFloatIdentity(String name, double value) {
        return switch (name) {
            case "arith.addf" -> value == 0;
            case "arith.mulf" -> value == 1;
            case "arith.maximumf", "arith.maxnumf" -> value == Double.NEGATIVE_INFINITY;
            case "arith.minimumf", "arith.minnumf" -> value == Double.POSITIVE_INFINITY;
            default -> false;
        };
    }

    private static boolean isIntegerIdentity(String name, Attribute scalar) {
        long value = scalar.asLong();
        int width = scalar.type().bitWidth();
        long ones = width == Long.SIZE ? -1 : (1L << width) - 1;
        long bits = value & ones;
        long sign = 1L << width - 1;
        return switch (name) {
            case "arith.addi", "arith.ori", "arith.xori", "arith.maxui" -> bits == 0;
            case "arith.muli" -> bits == 1;
            case "arith.andi", "arith.minui" -> bits == ones;
            case "arith.maxsi" -> bits == sign;
            case "arith.minsi" -> bits == (ones ^ sign);
            default -> false;
        };
    }
}
