// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kcc.mlir.ir.Attribute;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Value;
import kcc.passes.placement.Cluster;
import kcc.passes.layout.Vectorization.AddressFacts;

/// [AxisFacts] of every integer and pointer of a kernel at the tile or placed level, derived forward from its arguments.
///
/// ```text
///   %o = kcc.arange + splat(%pid * 128)        contiguity 128, divisibility 128
///   %m = %o < splat(%n), %n divisible by 16    constancy 16
///   kcc.load %p[%o] mask %m, %p 16-byte f32    vectors of 4
/// ```
///
/// Values carried by `scf.for` and `scf.while` are found by going round until nothing changes; results of `scf.if` hold
/// what holds on both sides. Operations not known give nothing. Facts of pointers are about addresses in bytes.
///
/// The analysis is a snapshot: make a new one after changing the IR.
public final class AxisAnalysis {
    private static final int ROUNDS_BEFORE_WIDENING = 3;

    private final Map<Value, AxisFacts> known = new HashMap<>();

    private AxisAnalysis() {}

    /// Analyzes a function with one block, such as a `gpu.func`.
    public static AxisAnalysis of(Operation function) {
        AxisAnalysis analysis = new AxisAnalysis();
        Block entry = function.region(0).first();
        Attribute attributes = function.attribute("arg_attrs");
        LaunchRequirements requirements = LaunchRequirements.of(function);
        for (Value argument : entry.arguments()) {
            boolean isDescribed = attributes != null && argument.index() < attributes.asList().size();
            analysis.set(argument, argument(argument.type(),
                    isDescribed ? attributes.asList().get(argument.index()).asMap() : Map.of(), requirements));
        }
        analysis.visit(entry);
        return analysis;
    }

    /// What is known of an integer, a pointer or a tile of integers; null for other values.
    public AxisFacts facts(Value value) {
        AxisFacts facts = known.get(value);
        return facts != null ? facts : unknown(value.type());
    }

    /// What allows vectors along dimension `axis` of `kcc.load`, `kcc.store` or an atomic access, in elements.
    public AddressFacts address(Operation access, int axis) {
        int first = switch (access.name()) {
            case "kcc.load" -> 0;
            case "kcc.store", "kcc.atomic_rmw" -> 1;
            case "kcc.atomic_cas" -> 2;
            default -> throw new IllegalArgumentException("'" + access.name() + "' is no access by pointer and offsets");
        };
        Value base = access.operand(first);
        AxisFacts.Axis offset = facts(access.operand(first + 1)).axis(axis);
        long bytes = pointeeBytes(base.type());
        long contiguity = offset.contiguity();
        long alignment = Math.min(Math.max(1, facts(base).divisor() / bytes), offset.divisibilityOf(contiguity));
        return new AddressFacts(contiguity, alignment, maskConstancy(access, first + 2, axis));
    }

    /// Whether all values are known to fit a signed integer of this width, so that narrower arithmetic gives the same.
    public boolean fits(Value value, int width) {
        AxisFacts facts = facts(value);
        return facts != null && facts.range().fits(width);
    }

    /// Bytes of the element a pointer points to.
    public static long pointeeBytes(Type pointer) {
        String text = pointer.toString();
        if (!text.startsWith("!kcc.ptr<")) {
            throw new IllegalArgumentException("type " + text + " is no pointer");
        }
        String pointee = text.substring("!kcc.ptr<".length(), text.length() - 1);
        return pointee.startsWith("!kcc.ptr<") ? Long.BYTES : Math.max(1, pointer.context().type(pointee).bitWidth() / Byte.SIZE);
    }

    private long maskConstancy(Operation access, int mask, int axis) {
        boolean hasMask = switch (access.name()) {
            case "kcc.load" -> access.attribute("operandSegmentSizes").asLongs().get(2) == 1;
            case "kcc.atomic_cas" -> false;
            default -> access.operandCount() > mask;
        };
        return hasMask ? facts(access.operand(mask)).axis(axis).constancy() : AxisFacts.ANYTHING;
    }

    private static AxisFacts argument(Type type, Map<String, Attribute> attributes, LaunchRequirements requirements) {
        AxisFacts unknown = unknown(type);
        if (unknown == null) {
            return null;
        }
        Attribute divisibility = attributes.get("kcc.divisibility");
        Attribute kind = attributes.get("kcc.kind");
        boolean isSize = kind != null && kind.asString().equals("size");
        IntegerRange range = isSize ? new IntegerRange(0, unknown.range().max()) : unknown.range();
        if (type.isInteger() && attributes.containsKey("kcc.name")) {
            range = requirements.narrow(attributes.get("kcc.name").asString(), range);
        }
        return AxisFacts.scalar(divisibility == null ? 1 : AxisFacts.powerOfTwo(divisibility.asLong()), range);
    }

    private void visit(Block block) {
        for (Operation op : block.operations()) {
            switch (op.name()) {
                case "scf.for" -> visitFor(op);
                case "scf.if" -> visitIf(op);
                case "scf.while" -> visitWhile(op);
                default -> {
                    for (Value result : op.results()) {
                        set(result, transfer(op, result));
                    }
                }
            }
        }
    }

    private void visitFor(Operation loop) {
        Block body = loop.region(0).first();
        AxisFacts low = facts(loop.operand(0));
        AxisFacts high = facts(loop.operand(1));
        AxisFacts step = facts(loop.operand(2));
        long last = Math.max(low.range().min(), high.range().max() == Long.MIN_VALUE ? high.range().max() : high.range().max() - 1);
        set(body.argument(0), AxisFacts.scalar(Math.min(low.divisor(), step.divisor()), new IntegerRange(low.range().min(), last)));
        List<Value> initial = loop.operands().subList(3, loop.operandCount());
        List<Value> carried = body.arguments().subList(1, body.argumentCount());
        untilStable(initial, carried, () -> {
            visit(body);
            return body.terminator().operands();
        });
        for (int i = 0; i < carried.size(); i++) {
            set(loop.result(i), known.get(carried.get(i)));
        }
    }

    private void visitWhile(Operation loop) {
        Block before = loop.region(0).first();
        Block after = loop.region(1).first();
        untilStable(loop.operands(), before.arguments(), () -> {
            visit(before);
            List<Value> passed = before.terminator().operands();
            for (int i = 0; i < after.argumentCount(); i++) {
                set(after.argument(i), facts(passed.get(i + 1)));
            }
            visit(after);
            return after.terminator().operands();
        });
        List<Value> passed = before.terminator().operands();
        for (int i = 0; i < loop.resultCount(); i++) {
            set(loop.result(i), facts(passed.get(i + 1)));
        }
    }

    /// One round of a loop: gives what it carries to the next.
    private interface Round {
        List<Value> carriedOn();
    }

    /// Begins with what enters the loop and adds what comes round until nothing changes.
    private void untilStable(List<Value> initial, List<Value> carried, Round round) {
        for (int i = 0; i < carried.size(); i++) {
            set(carried.get(i), facts(initial.get(i)));
        }
        boolean changed = true;
        for (int rounds = 0; changed; rounds++) {
            List<Value> next = round.carriedOn();
            changed = false;
            for (int i = 0; i < carried.size(); i++) {
                AxisFacts before = known.get(carried.get(i));
                if (before == null) {
                    continue;
                }
                AxisFacts joined = before.join(facts(next.get(i)));
                if (rounds >= ROUNDS_BEFORE_WIDENING) {
                    joined = joined.withRange(joined.range().widen(before.range(), width(carried.get(i).type())));
                }
                if (!joined.equals(before)) {
                    set(carried.get(i), joined);
                    changed = true;
                }
            }
        }
    }

    private void visitIf(Operation op) {
        visit(op.region(0).first());
        if (op.region(1).isEmpty()) {
            return;
        }
        visit(op.region(1).first());
        List<Value> yes = op.region(0).first().terminator().operands();
        List<Value> no = op.region(1).first().terminator().operands();
        for (int i = 0; i < op.resultCount(); i++) {
            AxisFacts facts = facts(yes.get(i));
            set(op.result(i), facts == null ? null : facts.join(facts(no.get(i))));
        }
    }

    private AxisFacts transfer(Operation op, Value result) {
        AxisFacts unknown = unknown(result.type());
        if (unknown == null) {
            return null;
        }
        List<Long> shape = shape(result.type());
        return switch (op.name()) {
            case "arith.constant" -> constant(op.attribute("value"), unknown);
            case "kcc.program_id" -> AxisFacts.scalar(1, new IntegerRange(0, Integer.MAX_VALUE - 1));
            case "kcc.block_id" -> AxisFacts.scalar(1, new IntegerRange(0, Cluster.sumBlocks(op.ancestor("gpu.func")) - 1));
            case "kcc.num_programs" -> AxisFacts.scalar(1, new IntegerRange(1, Integer.MAX_VALUE));
            case "kcc.arange" -> AxisFacts.counting(op.hasAttribute("start") ? op.attribute("start").asLong() : 0, shape.getFirst());
            case "tensor.splat" -> AxisFacts.splat(facts(op.operand(0)), shape);
            case "tensor.extract" -> AxisFacts.scalar(facts(op.operand(0)).divisor(), facts(op.operand(0)).range());
            case "kcc.broadcast" -> ShapeRules.broadcast(facts(op.operand(0)), shape);
            case "kcc.reshape", "tensor.expand_shape", "tensor.collapse_shape" -> ShapeRules.reshape(facts(op.operand(0)), shape);
            case "linalg.transpose" -> ShapeRules.transpose(facts(op.operand(0)), op.attribute("permutation").asLongs());
            case "kcc.convert_layout", "kcc.cast_ptr" -> facts(op.operand(0));
            case "kcc.add_ptr" -> movedPointer(op);
            case "arith.select" -> IntegerRules.select(facts(op.operand(0)), facts(op.operand(1)), facts(op.operand(2)));
            case "arith.cmpi" -> IntegerRules.compare(IntegerRules.Predicate.ofCode(op.attribute("predicate").asLong()),
                    facts(op.operand(0)), facts(op.operand(1)), width(op.operand(0).type()));
            case "arith.extsi", "arith.extui" -> IntegerRules.extend(facts(op.operand(0)), width(op.operand(0).type()),
                    width(result.type()), op.is("arith.extsi"));
            case "arith.trunci" -> IntegerRules.truncate(facts(op.operand(0)), width(result.type()));
            case "arith.index_cast" -> width(op.operand(0).type()) < width(result.type())
                    ? IntegerRules.extend(facts(op.operand(0)), width(op.operand(0).type()), width(result.type()), true)
                    : IntegerRules.truncate(facts(op.operand(0)), width(result.type()));
            default -> binary(op, unknown);
        };
    }

    private AxisFacts binary(Operation op, AxisFacts unknown) {
        if (op.operandCount() != 2 || !op.name().startsWith("arith.")) {
            return unknown;
        }
        AxisFacts x = facts(op.operand(0));
        AxisFacts y = facts(op.operand(1));
        Attribute overflow = op.attribute("overflowFlags");
        boolean doesNotWrap = overflow != null && overflow.toString().contains("nsw");
        AxisFacts result = x == null || y == null ? null
                : IntegerRules.binary(op.name(), x, y, width(op.operand(0).type()), doesNotWrap);
        return result == null ? unknown : result;
    }

    private AxisFacts movedPointer(Operation op) {
        AxisFacts offset = facts(op.operand(1));
        long bytes = AxisFacts.powerOfTwo(pointeeBytes(op.operand(0).type()));
        long moved = offset.divisor() >= AxisFacts.ANYTHING / bytes ? AxisFacts.ANYTHING : offset.divisor() * bytes;
        return AxisFacts.scalar(Math.min(facts(op.operand(0)).divisor(), moved), IntegerRange.full(64));
    }

    private static AxisFacts constant(Attribute value, AxisFacts unknown) {
        Attribute element = value.isDenseElements() ? value.splatValue() : value;
        if (element == null || !element.isInteger() && !element.isBool()) {
            return unknown;
        }
        boolean isTrue = element.type().isInteger(1) || element.isBool();
        return unknown.withRange(IntegerRange.of(isTrue ? element.asLong() & 1 : element.asLong()));
    }

    /// What is known of any value of a type: null if it is no integer, pointer or tile of integers.
    private static AxisFacts unknown(Type type) {
        if (type.toString().startsWith("!kcc.ptr<")) {
            return AxisFacts.scalar(1, IntegerRange.full(64));
        }
        Type element = type.elementOrSelf();
        boolean isNumber = (element.isInteger() || element.isIndex()) && !type.isVector() && !type.isMemref();
        return isNumber && isTileShape(shape(type)) ? AxisFacts.unknown(shape(type), IntegerRange.full(width(type))) : null;
    }

    /// Tiles have sizes that are powers of two; a tensor that is no tile is left alone.
    private static boolean isTileShape(List<Long> shape) {
        for (long size : shape) {
            if (size <= 0 || Long.bitCount(size) != 1) {
                return false;
            }
        }
        return true;
    }

    private static int width(Type type) {
        Type element = type.elementOrSelf();
        return element.isInteger() ? element.bitWidth() : Long.SIZE;
    }

    private static List<Long> shape(Type type) {
        return type.isTensor() ? new ArrayList<>(TensorType.of(type).shape()) : List.of();
    }

    private void set(Value value, AxisFacts facts) {
        if (facts != null) {
            known.put(value, facts);
        }
    }
}
