// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.placement;

import java.util.ArrayList;
import java.util.List;
import kcc.mlir.ir.Attributes;
import kcc.mlir.ir.Block;
import kcc.mlir.ir.OpBuilder;
import kcc.mlir.ir.Operation;
import kcc.mlir.ir.TensorType;
import kcc.mlir.ir.Type;
import kcc.mlir.ir.Types;
import kcc.mlir.ir.Value;
import kcc.mlir.pass.Analysis;
import kcc.passes.layout.Dim;
import kcc.passes.layout.LinearLayout;

/// A maximum, and a sum of exponentials relative to it, that become one reduction of pairs.
///
/// The dimension is cut into what warps and blocks share and what is within a warp, so that reductions along the latter
/// exchange nothing but registers and lanes:
///
/// ```text
///   131072 = 8 registers x 64 blocks and warps x 256 lanes and registers
/// ```
///
/// @param max         reduction of `tile`
/// @param sum         reduction of the exponentials
/// @param exponential name of the operation
/// @param factor      of the differences; 1 for exponentials of the differences themselves
/// @param axis        dimension that is reduced
/// @param segments    sizes that it is cut into
/// @param isOuter     which of them warps and blocks share
public record OnlineReduction(Operation max, Operation sum, String exponential, double factor, int axis, List<Long> segments,
        List<Boolean> isOuter) {
    private static final double LOWEST = -Float.MAX_VALUE;

    /// What makes a sum and a maximum one reduction.
    public static Analysis<OnlineReduction> of(Operation sum) {
        if (!isReductionBy(sum, "arith.addf")) {
            return new Analysis.NotApplicable<>("no sum");
        }
        Operation exponential = sum.operand(0).definingOp();
        if (exponential == null || !exponential.is("math.exp2") && !exponential.is("math.exp")) {
            return new Analysis.NotApplicable<>("no sum of exponentials");
        }
        Operation exponent = exponential.operand(0).definingOp();
        double factor = 1;
        if (exponent != null && exponent.is("arith.mulf")) {
            Operation constant = exponent.operand(1).definingOp();
            if (constant == null || !constant.is("arith.constant")) {
                return new Analysis.NotApplicable<>("the factor of the exponents is no constant");
            }
            factor = constant.attribute("value").splatValue().asDouble();
            exponent = exponent.operand(0).definingOp();
        }
        if (exponent == null || !exponent.is("arith.subf") || !(factor > 0) || Double.isInfinite(factor)) {
            return new Analysis.NotApplicable<>("the exponents are no differences times a positive number");
        }
        Operation max = maximum(exponent.operand(1));
        if (max == null || !max.operand(0).equals(exponent.operand(0)) || !max.block().equals(sum.block())
            || !max.attribute("dimensions").equals(sum.attribute("dimensions")) || sum.attribute("dimensions").asLongs().size() != 1
            || !TensorType.of(max.operand(0).type()).element().equals(Types.f32(sum.context()))) {
            return new Analysis.NotApplicable<>("the exponents are not relative to the maximum along the same dimension");
        }
        return segments(max, sum, exponential.name(), factor);
    }

    /// The reduction that finds the maximum, given that as it stretches over the tile.
    private static Operation maximum(Value stretched) {
        Operation op = stretched.definingOp();
        while (op != null && (op.is("kcc.broadcast") || op.is("kcc.reshape") || op.is("kcc.convert_layout") || op.is("tensor.splat")
            || op.is("tensor.extract"))) {
            op = op.operand(0).definingOp();
        }
        return op != null && op.is("linalg.reduce") && (isReductionBy(op, "arith.maxnumf") || isReductionBy(op, "arith.maximumf"))
            && isConstant(op.operand(1), Double.NEGATIVE_INFINITY) ? op : null;
    }

    private static boolean isReductionBy(Operation reduction, String combine) {
        List<Operation> body = reduction.region(0).first().operations();
        return reduction.resultCount() == 1 && body.size() == 2 && body.getFirst().is(combine);
    }

    private static boolean isConstant(Value value, double expected) {
        Operation op = value.definingOp();
        return op != null && op.is("arith.constant") && op.attribute("value").splatValue() != null
            && op.attribute("value").splatValue().asDouble() == expected;
    }

    /// How warps and blocks cut the dimension.
    private static Analysis<OnlineReduction> segments(Operation max, Operation sum, String exponential, double factor) {
        int axis = Math.toIntExact(max.attribute("dimensions").asLongs().getFirst());
        LinearLayout layout = layout(max.operand(0));
        Dim dim = layout.outputs().get(axis);
        long outer = reached(layout, dim, LinearLayout.WARP) | reached(layout, dim, LinearLayout.BLOCK);
        long inner = reached(layout, dim, LinearLayout.REGISTER) | reached(layout, dim, LinearLayout.LANE);
        if (reached(layout, dim, LinearLayout.BLOCK) == 0) {
            return new Analysis.NotApplicable<>("no blocks meet");
        }
        if ((outer & inner) != 0 || !isOneBitEach(layout, dim)) {
            return new Analysis.NotApplicable<>("warps and blocks do not hold runs of the dimension");
        }
        List<Long> sizes = new ArrayList<>();
        List<Boolean> isOuter = new ArrayList<>();
        for (int bit = dim.bits() - 1; bit >= 0; bit--) {
            boolean isOuterBit = (outer >>> bit & 1) != 0;
            if (isOuter.isEmpty() || isOuter.getLast() != isOuterBit) {
                isOuter.add(isOuterBit);
                sizes.add(1L);
            }
            sizes.set(sizes.size() - 1, 2 * sizes.getLast());
        }
        return new Analysis.Plan<>(new OnlineReduction(max, sum, exponential, factor, axis, sizes, isOuter));
    }

    private static long reached(LinearLayout layout, Dim dim, String input) {
        long reached = 0;
        for (long basis : layout.bases(input)) {
            reached |= layout.outputValue(dim.name(), basis);
        }
        return reached;
    }

    private static boolean isOneBitEach(LinearLayout layout, Dim dim) {
        for (String input : List.of(LinearLayout.WARP, LinearLayout.BLOCK)) {
            for (long basis : layout.bases(input)) {
                if (Long.bitCount(layout.outputValue(dim.name(), basis)) > 1) {
                    return false;
                }
            }
        }
        return true;
    }

    private Value tile() {
        return max.operand(0);
    }

    /// Writes the new reductions where the maximum was found, and removes the old ones.
    public void rewrite() {
        new Rewrite(this).run();
    }

    private static LinearLayout layout(Value tile) {
        TensorType type = TensorType.of(tile.type());
        return LinearLayout.parse(type.encoding().toString(), type.shape().stream().mapToInt(Math::toIntExact).toArray());
    }

    private static final class Rewrite {
        private final OnlineReduction plan;
        private final OpBuilder builder;
        private final Type f32;
        private final List<Long> shape = new ArrayList<>();
        private final List<Long> ones = new ArrayList<>();
        private final List<Long> outerShape = new ArrayList<>();
        private final List<Integer> inner = new ArrayList<>();
        private final List<Integer> outer = new ArrayList<>();
        private final LinearLayout cut;
        private final LinearLayout ofWarps;

        Rewrite(OnlineReduction plan) {
            this.plan = plan;
            this.builder = OpBuilder.before(plan.max).at(plan.sum.location());
            this.f32 = Types.f32(builder.context());
            List<Long> tile = TensorType.of(plan.tile().type()).shape();
            for (int axis = 0; axis < tile.size(); axis++) {
                if (axis != plan.axis) {
                    add(tile.get(axis), tile.get(axis), tile.get(axis));
                    continue;
                }
                for (int segment = 0; segment < plan.segments.size(); segment++) {
                    boolean isOuter = plan.isOuter.get(segment);
                    long size = plan.segments.get(segment);
                    if (isOuter) {
                        outer.add(outerShape.size());
                    } else {
                        inner.add(shape.size());
                    }
                    add(size, isOuter ? size : 1, isOuter ? size : null);
                }
            }
            this.cut = layout(plan.tile()).reshape(sizes(shape));
            LinearLayout reduced = cut;
            for (int axis : inner.reversed()) {
                reduced = reduced.slice(axis);
            }
            this.ofWarps = reduced.dropFreeBits(LinearLayout.REGISTER);
        }

        private void add(long size, long stretched, Long ofWarps) {
            shape.add(size);
            ones.add(stretched);
            if (ofWarps != null) {
                outerShape.add(ofWarps);
            }
        }

        void run() {
            Value x = builder.create("kcc.reshape").operand(plan.tile()).result(type(shape, cut)).value();
            Value largest = reduce(x, plan.max, Double.NEGATIVE_INFINITY);
            Value finite = elementwise("arith.maxnumf", largest, constant(outerShape, ofWarps, LOWEST));
            Value sum = reduce(exponential(x, stretched(finite), shape, cut), plan.sum, 0);
            Operation both = builder.create("linalg.reduce").operands(largest, sum)
                .operands(builder.constant(plan.max.result().type(), Double.NEGATIVE_INFINITY),
                    builder.constant(plan.sum.result().type(), 0.0))
                .attribute("dimensions", Attributes.denseI64(builder.context(), outer.stream().mapToLong(i -> i).toArray()))
                .attribute("kcc.no_initial_value", Attributes.unit(builder.context()))
                .results(List.of(plan.max.result().type(), plan.sum.result().type()))
                .region(region -> combine(region.appendBlock(List.of(f32, f32, f32, f32), plan.sum.location()))).build();
            Value difference = elementwise("arith.subf", both.result(0), both.result(0));
            Value total = elementwise("arith.addf", both.result(1), difference);
            plan.max.result().replaceAllUsesWith(both.result(0));
            plan.sum.result().replaceAllUsesWith(total);
            plan.sum.erase();
            plan.max.erase();
        }

        /// Of the maxima a, b and sums s, t: the larger maximum m, and s exp(a - m) + t exp(b - m).
        private void combine(Block body) {
            OpBuilder inside = OpBuilder.atEnd(body).at(plan.sum.location());
            Value a = body.argument(0);
            Value b = body.argument(2);
            Value larger = inside.create(plan.max.region(0).first().first().name()).operands(a, b).result(f32).value();
            Value lowest = inside.constant(f32, LOWEST);
            Value finite = inside.create("arith.maxnumf").operands(larger, lowest).result(f32).value();
            Value total = null;
            for (int i = 0; i < 2; i++) {
                Value exponent = inside.create("arith.subf").operands(body.argument(2 * i), finite).result(f32).value();
                if (plan.factor != 1) {
                    exponent = inside.create("arith.mulf").operands(exponent, inside.constant(f32, plan.factor)).result(f32).value();
                }
                Value scale = inside.create(plan.exponential).operand(exponent).result(f32).value();
                Value share = inside.create("arith.mulf").operands(body.argument(2 * i + 1), scale).result(f32).value();
                total = total == null ? share : inside.create("arith.addf").operands(total, share).result(f32).value();
            }
            inside.create("linalg.yield").operands(larger, total).build();
        }

        /// Within each warp, by the combine function of another reduction.
        private Value reduce(Value tile, Operation like, double initial) {
            return builder.create("linalg.reduce").operands(tile, constant(outerShape, ofWarps, initial))
                .attribute("dimensions", Attributes.denseI64(builder.context(), inner.stream().mapToLong(i -> i).toArray()))
                .result(type(outerShape, ofWarps)).region(region -> {
                    Block body = region.appendBlock(List.of(f32, f32), like.location());
                    OpBuilder inside = OpBuilder.atEnd(body).at(like.location());
                    Value combined = inside.create(like.region(0).first().first().name())
                        .operands(body.argument(0), body.argument(1)).result(f32).value();
                    inside.create("linalg.yield").operand(combined).build();
                }).value();
        }

        private Value exponential(Value x, Value reference, List<Long> sizes, LinearLayout layout) {
            Value exponent = elementwise("arith.subf", x, reference);
            if (plan.factor != 1) {
                exponent = elementwise("arith.mulf", exponent, constant(sizes, layout, plan.factor));
            }
            return builder.create(plan.exponential).operand(exponent).result(exponent.type()).value();
        }

        private Value stretched(Value ofWarp) {
            LinearLayout narrow = cut;
            for (int axis : inner) {
                narrow = narrow.squash(axis);
            }
            Value column = builder.create("kcc.reshape").operand(ofWarp)
                .result(type(ones, narrow.dropFreeBits(LinearLayout.REGISTER))).value();
            return builder.create("kcc.broadcast").operand(column).result(type(shape, cut)).value();
        }

        private Value elementwise(String name, Value left, Value right) {
            return builder.create(name).operands(left, right).result(left.type()).value();
        }

        private Value constant(List<Long> sizes, LinearLayout layout, double value) {
            return builder.constant(type(sizes, layout), value);
        }

        private Type type(List<Long> sizes, LinearLayout layout) {
            return Types.tensor(sizes, f32, builder.context().attribute(layout.toString()));
        }

        private static int[] sizes(List<Long> shape) {
            return shape.stream().mapToInt(Math::toIntExact).toArray();
        }
    }
}
