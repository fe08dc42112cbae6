// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.fragment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpSpec;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;

/// `scf` with tiles as carried values: each becomes as many values as it has distinct registers.
final class ControlLowering {
    private final FunctionLowering lowering;
    private final Values values;
    private final TileTypes types;

    ControlLowering(FunctionLowering lowering, Values values, TileTypes types) {
        this.lowering = lowering;
        this.values = values;
        this.types = types;
    }

    void lowerFor(Operation loop, Emitter emitter) {
        List<Value> inits = loop.operands().subList(3, loop.operandCount());
        Block oldBody = loop.region(0).first();
        List<Value> carried = oldBody.arguments().subList(1, oldBody.argumentCount());
        Value induction = oldBody.argument(0);
        OpSpec spec = emitter.builder().create("scf.for");
        for (int bound = 0; bound < 3; bound++) {
            spec.operand(values.scalar(loop.operand(bound)));
        }
        copyAttributes(loop, spec);
        Operation lowered = spec.operands(distinct(inits)).results(typesOf(loop.results())).region(region -> {
            List<Type> arguments = new ArrayList<>(List.of(induction.type()));
            arguments.addAll(typesOf(carried));
            Block body = region.appendBlock(arguments, loop.location());
            values.bind(induction, body.argument(0));
            bind(carried, body.arguments().subList(1, body.argumentCount()));
            Emitter inside = emitter.in(body);
            lowering.lower(oldBody, inside);
            terminate(oldBody, "scf.yield", inside);
        }).build();
        bind(loop.results(), lowered.results());
    }

    void lowerIf(Operation op, Emitter emitter) {
        OpSpec spec = emitter.builder().create("scf.if").operand(values.scalar(op.operand(0)))
                .results(typesOf(op.results()));
        copyAttributes(op, spec);
        for (Region old : op.regions()) {
            spec.region(region -> {
                if (!old.isEmpty()) {
                    lowerBody(old.first(), region, emitter, "scf.yield", op);
                }
            });
        }
        bind(op.results(), spec.build().results());
    }

    void lowerWhile(Operation loop, Emitter emitter) {
        OpSpec spec = emitter.builder().create("scf.while").operands(distinct(loop.operands()))
                .results(typesOf(loop.results()));
        copyAttributes(loop, spec);
        spec.region(region -> lowerBody(loop.region(0).first(), region, emitter, "scf.condition", loop));
        spec.region(region -> lowerBody(loop.region(1).first(), region, emitter, "scf.yield", loop));
        bind(loop.results(), spec.build().results());
    }

    private void lowerBody(Block old, Region region, Emitter emitter, String terminator, Operation around) {
        Block body = region.appendBlock(typesOf(old.arguments()), around.location());
        bind(old.arguments(), body.arguments());
        Emitter inside = emitter.in(body);
        lowering.lower(old, inside);
        terminate(old, terminator, inside);
    }

    private void terminate(Block old, String name, Emitter emitter) {
        Operation terminator = old.terminator();
        emitter.at(terminator.location()).builder().create(name).operands(distinct(terminator.operands())).build();
    }

    private static void copyAttributes(Operation from, OpSpec to) {
        for (Map.Entry<String, Attribute> attribute : from.attributes().entrySet()) {
            if (!attribute.getKey().equals("operandSegmentSizes")) {
                to.attribute(attribute.getKey(), attribute.getValue());
            }
        }
    }

    private List<Value> distinct(List<Value> olds) {
        List<Value> distinct = new ArrayList<>();
        for (Value old : olds) {
            distinct.addAll(types.registers(old).pick(values.of(old)));
        }
        return distinct;
    }

    private List<Type> typesOf(List<Value> olds) {
        List<Type> expanded = new ArrayList<>();
        for (Value old : olds) {
            Type type = FunctionLowering.fragmentType(old.type());
            for (int i = types.registers(old).distinct().size(); i > 0; i--) {
                expanded.add(type);
            }
        }
        return expanded;
    }

    private void bind(List<Value> olds, List<Value> news) {
        int next = 0;
        for (Value old : olds) {
            Registers registers = types.registers(old);
            int count = registers.distinct().size();
            values.bind(old, registers.spread(news.subList(next, next + count)));
            next += count;
        }
    }
}
