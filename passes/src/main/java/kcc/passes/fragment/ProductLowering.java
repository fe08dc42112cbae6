// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.placement.MatrixTypes;

/// `linalg.matmul` as matrix instructions or as scalar multiply-adds, unrolled over the registers.
final class ProductLowering {
    /// Value of `kcc.instruction` for a product without matrix instructions.
    static final String MULTIPLY_ADD = "fma";

    private final FragmentPlan plan;
    private final Values values;

    ProductLowering(FragmentPlan plan, Values values) {
        this.plan = plan;
        this.values = values;
    }

    void lower(Operation op, Emitter emitter) {
        List<Value> a = values.of(op.operand(0));
        List<Value> b = values.of(op.operand(1));
        Value[] accumulators = values.of(op.operand(2)).toArray(Value[]::new);
        Attribute instruction = op.attribute("kcc.instruction");
        boolean isScalar = instruction.asString().equals(MULTIPLY_ADD);
        String widen = accumulators[0].type().isFloat() ? "arith.extf"
                : MatrixTypes.isUnsigned(op) ? "arith.extui" : "arith.extsi";
        for (ProductPlan.Step step : plan.products().get(op).steps()) {
            if (isScalar) {
                int register = step.accumulator().getFirst();
                accumulators[register] = multiplyAdd(a.get(step.a().getFirst()), b.get(step.b().getFirst()),
                        accumulators[register], widen, emitter);
            } else {
                instruction(instruction, pick(a, step.a()), pick(b, step.b()), accumulators, step.accumulator(), emitter);
            }
        }
        Registers registers = plan.types().registers(op.result());
        values.bind(op.result(), registers.fill(register -> accumulators[register]));
    }

    private static void instruction(Attribute name, List<Value> a, List<Value> b, Value[] accumulators, List<Integer> registers,
            Emitter emitter) {
        List<Value> c = new ArrayList<>();
        List<Type> types = new ArrayList<>();
        for (int register : registers) {
            c.add(accumulators[register]);
            types.add(accumulators[register].type());
        }
        Operation mma = emitter.builder().create("kcc.mma").operands(a).operands(b).operands(c)
                .operandSegments(a.size(), b.size(), c.size()).attribute("instruction", name).results(types).build();
        for (int i = 0; i < registers.size(); i++) {
            accumulators[registers.get(i)] = mma.result(i);
        }
    }

    private static Value multiplyAdd(Value a, Value b, Value accumulator, String widen, Emitter emitter) {
        Type type = accumulator.type();
        Value left = emitter.cast(widen, a, type);
        Value right = emitter.cast(widen, b, type);
        return type.isFloat() ? emitter.builder().create("math.fma").operands(left, right, accumulator).result(type).value()
                : emitter.binary("arith.addi", emitter.binary("arith.muli", left, right), accumulator);
    }

    private static List<Value> pick(List<Value> values, List<Integer> registers) {
        List<Value> picked = new ArrayList<>();
        for (int register : registers) {
            picked.add(values.get(register));
        }
        return picked;
    }
}
