// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.Region;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.layout.LinearLayout;

/// Writes a [Placement] into a function: types get their layouts, free values are computed again in
/// each layout that is asked for, everything else is converted where it does not fit.
final class LayoutRewriter {

    private record Placed(Value value, LinearLayout layout) {}

    private final Placement placement;
    private final Map<Placed, Value> versions = new HashMap<>();
    private final Map<LinearLayout, Attribute> attributes = new HashMap<>();
    private final List<Operation> replaced = new ArrayList<>();
    private int conversions;

    LayoutRewriter(Placement placement) {
        this.placement = placement;
    }

    /// Rewrites the function and gives the number of conversions.
    int rewriteFunction(Operation function) {
        rewrite(function.region(0));
        for (Operation op : replaced.reversed()) {
            boolean used = false;
            for (Value result : op.results()) {
                used |= result.isUsed();
            }
            if (!used) {
                op.erase();
            }
        }
        return conversions;
    }

    private void rewrite(Region region) {
        for (Block block : region.blocks()) {
            for (Operation op : block.operations()) {
                rewrite(op);
            }
        }
    }

    private void rewrite(Operation op) {
        switch (TileOps.role(op)) {
            case UNIFORM -> {}
            case SOURCE -> replaced.add(op);
            case ELEMENTWISE -> {
                LinearLayout layout = op.results().isEmpty() ? anyOperand(op) : placement.layout(op.result(0));
                if (layout == null) {
                    replaced.add(op);
                } else {
                    demandOperands(op, 0, op.operands().size(), layout);
                    setResults(op);
                }
            }
            case RESHAPING -> {
                LinearLayout layout = placement.layout(op.result());
                if (layout == null) {
                    replaced.add(op);
                } else {
                    op.setOperand(0, demand(op.operand(0), Reshaping.source(op, layout)));
                    demandOperands(op, 1, op.operands().size(), layout);
                    setResults(op);
                }
            }
            case ACCESS -> {
                if (placement.access(op) != null) {
                    demandOperands(op, 0, op.operands().size(), placement.access(op));
                    setResults(op);
                }
            }
            case COPY_OUT, FILL -> demandOperands(op, 0, 1, placement.access(op));
            case ALONG_AXIS -> {
                demandOperands(op, 0, op.operands().size(), placement.access(op));
                setResults(op);
            }
            case SPAN -> {
                if (op.is("kcc.store_span")) {
                    demandOperands(op, 0, 1, placement.access(op));
                }
                setResults(op);
            }
            case EXCHANGE -> {
                List<LinearLayout> wanted = placement.operands(op);
                for (int i = 0; i < wanted.size(); i++) {
                    demandOperands(op, i, i + 1, wanted.get(i));
                }
                setResults(op);
            }
            case REDUCTION -> {
                int inputs = op.operands().size() / 2;
                demandOperands(op, 0, inputs, placement.access(op));
                for (int i = 0; i < inputs; i++) {
                    LinearLayout result = placement.layout(op.result(i));
                    if (result != null) {
                        op.setOperand(inputs + i, demand(op.operand(inputs + i), result));
                    }
                }
                setResults(op);
            }
            case PRODUCT -> {
                Placement.Product product = placement.product(op);
                if (product.a() != null) {
                    op.setOperand(0, demand(op.operand(0), product.a()));
                }
                if (product.b() != null) {
                    op.setOperand(1, demand(op.operand(1), product.b()));
                }
                op.setOperand(2, demand(op.operand(2), product.accumulator()));
                op.setAttribute("kcc.instruction", Attributes.string(op.context(), product.instruction()));
                setResults(op);
            }
            case CONTROL -> rewriteControl(op);
            case UNKNOWN -> throw new IllegalStateException("no layout rule for " + op.name());
        }
    }

    private void rewriteControl(Operation op) {
        switch (op.name()) {
            case "scf.for" -> {
                Block body = op.region(0).first();
                List<Value> carried = body.arguments().subList(1, body.arguments().size());
                demandAll(op, 3, carried);
                setTypes(carried);
                rewrite(op.region(0));
                demandAll(body.terminator(), 0, carried);
                setTypes(op.results());
            }
            case "scf.if" -> {
                for (Region region : op.regions()) {
                    rewrite(region);
                    if (!region.isEmpty()) {
                        demandAll(region.first().terminator(), 0, op.results());
                    }
                }
                setTypes(op.results());
            }
            case "scf.while" -> {
                Block before = op.region(0).first();
                Block after = op.region(1).first();
                demandAll(op, 0, before.arguments());
                setTypes(before.arguments());
                setTypes(after.arguments());
                rewrite(op.region(0));
                demandAll(before.terminator(), 1, after.arguments());
                rewrite(op.region(1));
                demandAll(after.terminator(), 0, before.arguments());
                setTypes(op.results());
            }
            default -> {} // terminators are rewritten with their parents
        }
    }

    private LinearLayout anyOperand(Operation op) {
        for (Value operand : op.operands()) {
            if (placement.layout(operand) != null) {
                return placement.layout(operand);
            }
        }
        return null;
    }

    /// Gives the operands from `first` on the layouts of `targets`, one by one.
    private void demandAll(Operation op, int first, List<Value> targets) {
        for (int i = 0; i < targets.size(); i++) {
            LinearLayout layout = placement.layout(targets.get(i));
            if (layout != null) {
                op.setOperand(first + i, demand(op.operand(first + i), layout));
            }
        }
    }

    private void demandOperands(Operation op, int from, int to, LinearLayout layout) {
        for (int i = from; i < to; i++) {
            if (TileOps.isTile(op.operand(i))) {
                op.setOperand(i, demand(op.operand(i), layout));
            }
        }
    }

    private void setResults(Operation op) {
        setTypes(op.results());
    }

    private void setTypes(List<Value> values) {
        for (Value value : values) {
            LinearLayout layout = placement.layout(value);
            if (layout != null) {
                value.setType(encoded(value.type(), layout));
            }
        }
    }

    /// The value in this layout.
    private Value demand(Value value, LinearLayout layout) {
        LinearLayout held = placement.layout(value);
        if (layout.equals(held)) {
            return value;
        }
        Placed key = new Placed(value, layout);
        Value version = versions.get(key);
        if (version == null) {
            version = held != null ? convert(value, layout) : again(value, layout);
            versions.put(key, version);
        }
        return version;
    }

    private Value convert(Value value, LinearLayout layout) {
        conversions++;
        Operation producer = value.definingOp();
        OpBuilder builder = producer == null ? OpBuilder.atStart(value.ownerBlock()) : OpBuilder.after(producer);
        return builder
            .at(producer == null ? value.ownerBlock().parentOp().location() : producer.location())
            .create("kcc.convert_layout")
            .operand(value)
            .result(encoded(value.type(), layout))
            .value();
    }

    /// Computes a free value once more, in another layout.
    private Value again(Value value, LinearLayout layout) {
        Operation op = value.definingOp();
        Operation copy = OpBuilder.before(op).insert(op.copy());
        switch (TileOps.role(op)) {
            case SOURCE -> {
                if (op.is("arith.constant")) {
                    copy.setAttribute("value", Attributes.splat(encoded(value.type(), layout), op.attribute("value").splatValue()));
                }
            }
            case ELEMENTWISE -> demandOperands(copy, 0, copy.operands().size(), layout);
            case RESHAPING -> {
                copy.setOperand(0, demand(op.operand(0), Reshaping.source(op, layout)));
                demandOperands(copy, 1, copy.operands().size(), layout);
            }
            case ACCESS, SPAN, REDUCTION, ALONG_AXIS, EXCHANGE, PRODUCT, COPY_OUT, FILL, CONTROL, UNIFORM, UNKNOWN ->
                throw new IllegalStateException(op.name() + " has no layout");
        }
        Value result = copy.result(value.index());
        result.setType(encoded(value.type(), layout));
        return result;
    }

    private Type encoded(Type type, LinearLayout layout) {
        Attribute attribute =
            attributes.computeIfAbsent(layout, l -> type.context().attribute(l.toString()));
        return TensorType.of(type).withEncoding(attribute).type();
    }
}
