// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import static kcc.passes.analysis.AxisFacts.ANYTHING;

import java.util.ArrayList;
import java.util.List;
import kcc.passes.analysis.AxisFacts.Axis;

/// What the operations of `arith` do to [AxisFacts].
///
/// Most rules rest on one argument: if the first element v of a contiguous group of g is divisible by g, then v, ..., v + g - 1
/// differ in their low log2(g) bits alone. Neither wrapping around, nor a division by a multiple of g, nor a comparison
/// with a multiple of g can tell them apart.
final class IntegerRules {
    private IntegerRules() {}

    /// Comparisons, in the order of their codes in `arith.cmpi`.
    enum Predicate {
        EQ, NE, SLT, SLE, SGT, SGE, ULT, ULE, UGT, UGE;

        static Predicate ofCode(long code) {
            return values()[(int) code];
        }

        Predicate swapped() {
            return switch (this) {
                case EQ, NE -> this;
                case SLT -> SGT;
                case SLE -> SGE;
                case SGT -> SLT;
                case SGE -> SLE;
                case ULT -> UGT;
                case ULE -> UGE;
                case UGT -> ULT;
                case UGE -> ULE;
            };
        }
    }

    /// The result of a binary operation, or null if nothing is known of the operation.
    static AxisFacts binary(String name, AxisFacts x, AxisFacts y, int width, boolean doesNotWrap) {
        RangeArithmetic ranges = new RangeArithmetic(width, doesNotWrap);
        if (width == 1 && !name.equals("arith.andi") && !name.equals("arith.ori") && !name.equals("arith.xori")) {
            return choose(x, y, IntegerRange.full(1));
        }
        return switch (name) {
            case "arith.addi" -> add(x, y, ranges);
            case "arith.subi" -> subtract(x, y, ranges);
            case "arith.muli" -> multiply(x, y, ranges);
            case "arith.divsi", "arith.divui", "arith.floordivsi", "arith.ceildivsi", "arith.ceildivui" ->
                    divide(name, x, y, ranges);
            case "arith.remsi", "arith.remui" -> remainder(x, y, ranges);
            case "arith.andi" -> and(x, y, ranges);
            case "arith.ori", "arith.xori" -> or(x, y, ranges.or(x.range(), y.range(), name.equals("arith.xori")));
            case "arith.shli" -> shiftLeft(x, y, ranges);
            case "arith.shrsi", "arith.shrui" -> shiftRight(name, x, y, width);
            case "arith.minsi" -> choose(x, y, ranges.min(x.range(), y.range()));
            case "arith.maxsi" -> choose(x, y, ranges.max(x.range(), y.range()));
            case "arith.minui", "arith.maxui" -> choose(x, y, x.range().isNonNegative() && y.range().isNonNegative()
                    ? name.equals("arith.minui") ? ranges.min(x.range(), y.range()) : ranges.max(x.range(), y.range())
                    : IntegerRange.full(width));
            default -> null;
        };
    }

    private static AxisFacts add(AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        return x.combine(y, Math.min(x.divisor(), y.divisor()), ranges.add(x.range(), y.range()), (a, b) -> {
            long contiguity = Math.max(Math.min(a.contiguity(), b.constancy()), Math.min(a.constancy(), b.contiguity()));
            return shifted(a, b, contiguity);
        });
    }

    private static AxisFacts subtract(AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        return x.combine(y, Math.min(x.divisor(), y.divisor()), ranges.subtract(x.range(), y.range()),
                (a, b) -> shifted(a, b, Math.min(a.contiguity(), b.constancy())));
    }

    /// A sum or difference whose groups of `contiguity` elements are known to count up.
    private static Axis shifted(Axis a, Axis b, long contiguity) {
        return new Axis(a.size(), contiguity, Math.min(a.divisibilityOf(contiguity), b.divisibilityOf(contiguity)),
                Math.min(a.constancy(), b.constancy()));
    }

    private static AxisFacts multiply(AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        if (isPoint(x, 1)) {
            return y;
        }
        if (isPoint(y, 1)) {
            return x;
        }
        return x.combine(y, product(x.divisor(), y.divisor()), ranges.multiply(x.range(), y.range()), IntegerRules::scattered);
    }

    private static AxisFacts divide(String name, AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        if (isPoint(y, 1)) {
            return x;
        }
        boolean isCeiling = name.startsWith("arith.ceil");
        boolean areSameSigned = x.range().isNonNegative() && y.range().isPositive();
        boolean isFloor = !isCeiling && (areSameSigned || name.equals("arith.floordivsi") && y.range().isPositive());
        IntegerRange range = IntegerRange.full(ranges.width());
        if (areSameSigned) {
            IntegerRange floor = ranges.divide(x.range(), y.range());
            range = isCeiling ? new IntegerRange(floor.min(), floor.max() == Long.MAX_VALUE ? floor.max() : floor.max() + 1).orFull(ranges.width()) : floor;
        }
        long divisor = 1;
        if (areSameSigned && y.isConstant() && Long.bitCount(y.range().min()) == 1 && x.divisor() >= y.range().min()) {
            divisor = x.divisor() == ANYTHING ? ANYTHING : x.divisor() / y.range().min();
        }
        return x.combine(y, divisor, range, (a, b) -> {
            long constancy = Math.min(a.constancy(), b.constancy());
            if (isFloor) {
                constancy = Math.max(constancy, alignedGroup(a, Math.min(y.divisor(), b.constancy())));
            }
            return new Axis(a.size(), 1, 1, constancy);
        });
    }

    private static AxisFacts remainder(AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        boolean areSameSigned = x.range().isNonNegative() && y.range().isPositive();
        IntegerRange range = areSameSigned ? ranges.remainder(x.range(), y.range()) : IntegerRange.full(ranges.width());
        return x.combine(y, Math.min(x.divisor(), y.divisor()), range, (a, b) -> {
            long contiguity = areSameSigned ? alignedGroup(a, Math.min(y.divisor(), b.constancy())) : 1;
            return new Axis(a.size(), contiguity, Math.min(a.divisibilityOf(contiguity), y.divisor()),
                    Math.min(a.constancy(), b.constancy()));
        });
    }

    private static AxisFacts and(AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        if (x.isConstant() && !y.isConstant()) {
            return and(y, x, ranges);
        }
        IntegerRange range = ranges.and(x.range(), y.range());
        long mask = y.isConstant() ? y.range().min() : 0;
        // Low bits 0...01...1 keep groups that count up, high bits 1...10...0 make them equal.
        long kept = mask > 0 && Long.bitCount(mask + 1) == 1 ? mask + 1 : 1;
        long cleared = y.isConstant() ? AxisFacts.powerOfTwo(mask) : 1;
        return x.combine(y, Math.max(x.divisor(), y.divisor()), range, (a, b) -> {
            long contiguity = alignedGroup(a, kept);
            long constancy = Math.max(Math.min(a.constancy(), b.constancy()), alignedGroup(a, cleared));
            return new Axis(a.size(), contiguity, contiguity == 1 ? 1 : a.divisibilityOf(contiguity), constancy);
        });
    }

    /// `or` and `xor`: where the other operand has zeros in the low bits, groups go on counting up.
    private static AxisFacts or(AxisFacts x, AxisFacts y, IntegerRange range) {
        return x.combine(y, Math.min(x.divisor(), y.divisor()), range, (a, b) -> {
            long contiguity = Math.max(alignedGroup(a, Math.min(y.divisor(), b.constancy())),
                    alignedGroup(b, Math.min(x.divisor(), a.constancy())));
            return shifted(a, b, contiguity);
        });
    }

    private static AxisFacts shiftLeft(AxisFacts x, AxisFacts y, RangeArithmetic ranges) {
        if (y.isConstant() && y.range().min() >= 0 && y.range().min() < Math.min(ranges.width(), 62)) {
            long factor = 1L << y.range().min();
            return multiply(x, y.withRange(IntegerRange.of(factor)), ranges);
        }
        return x.combine(y, x.divisor(), IntegerRange.full(ranges.width()), IntegerRules::scattered);
    }

    private static AxisFacts shiftRight(String name, AxisFacts x, AxisFacts y, int width) {
        if (!y.isConstant() || y.range().min() < 0 || y.range().min() >= Math.min(width, 62)) {
            return x.combine(y, 1, IntegerRange.full(width), IntegerRules::scattered);
        }
        int shift = (int) y.range().min();
        IntegerRange range = name.equals("arith.shrsi") || x.range().isNonNegative()
                ? new IntegerRange(x.range().min() >> shift, x.range().max() >> shift)
                : IntegerRange.full(width);
        long divisor = x.divisor() == ANYTHING ? ANYTHING : Math.max(1, x.divisor() >> shift);
        return x.combine(y, divisor, range, (a, b) -> new Axis(a.size(), 1, 1,
                Math.max(Math.min(a.constancy(), b.constancy()), alignedGroup(a, 1L << shift))));
    }

    /// The result is one of the operands.
    private static AxisFacts choose(AxisFacts x, AxisFacts y, IntegerRange range) {
        return x.combine(y, Math.min(x.divisor(), y.divisor()), range, IntegerRules::scattered);
    }

    static AxisFacts select(AxisFacts condition, AxisFacts x, AxisFacts y) {
        if (condition.isConstant()) {
            return condition.range().min() != 0 ? x : y;
        }
        List<Axis> axes = new ArrayList<>();
        for (int i = 0; i < x.axes().size(); i++) {
            Axis a = x.axis(i);
            Axis b = y.axis(i);
            long same = condition.axes().isEmpty() ? a.size() : condition.axis(i).constancy();
            long contiguity = Math.min(same, Math.min(a.contiguity(), b.contiguity()));
            axes.add(new Axis(a.size(), contiguity, Math.min(a.divisibilityOf(contiguity), b.divisibilityOf(contiguity)),
                    Math.min(same, Math.min(a.constancy(), b.constancy()))));
        }
        return new AxisFacts(axes, Math.min(x.divisor(), y.divisor()), x.range().join(y.range()));
    }

    static AxisFacts compare(Predicate predicate, AxisFacts x, AxisFacts y, int width) {
        // A true i1 is 1 here but the least of two signed values.
        boolean isOrdered = width > 1 || predicate == Predicate.EQ || predicate == Predicate.NE;
        IntegerRange range = isOrdered ? decided(predicate, x.range(), y.range()) : IntegerRange.full(1);
        return x.combine(y, 1, range, (a, b) -> {
            long constancy = Math.min(a.constancy(), b.constancy());
            constancy = Math.max(constancy, againstConstant(predicate, a, b, y));
            constancy = Math.max(constancy, againstConstant(predicate.swapped(), b, a, x));
            long together = Math.min(a.contiguity(), b.contiguity());
            if (predicate != Predicate.EQ && predicate != Predicate.NE) {
                together = Math.min(alignedGroup(a, together), alignedGroup(b, together));
            }
            return new Axis(a.size(), 1, 1, Math.max(constancy, together));
        });
    }

    /// The length of groups along which a counting operand compares equally with one that does not change there.
    private static long againstConstant(Predicate predicate, Axis counting, Axis constant, AxisFacts bound) {
        return switch (predicate) {
            case EQ, NE -> 1;
            case SLT, SGE, ULT, UGE -> alignedGroup(counting, Math.min(constant.constancy(), bound.divisor()));
            // v <= b is v < b + 1.
            case SLE, SGT, ULE, UGT -> bound.isConstant() && bound.range().max() != Long.MAX_VALUE
                    ? alignedGroup(counting, Math.min(constant.constancy(), AxisFacts.powerOfTwo(bound.range().min() + 1)))
                    : 1;
        };
    }

    private static IntegerRange decided(Predicate predicate, IntegerRange x, IntegerRange y) {
        boolean areNonNegative = x.isNonNegative() && y.isNonNegative();
        IntegerRange open = IntegerRange.full(1);
        return switch (predicate) {
            case EQ -> x.isPoint() && x.equals(y) ? IntegerRange.of(1) : x.max() < y.min() || y.max() < x.min() ? IntegerRange.of(0) : open;
            case NE -> x.isPoint() && x.equals(y) ? IntegerRange.of(0) : x.max() < y.min() || y.max() < x.min() ? IntegerRange.of(1) : open;
            case SLT -> x.max() < y.min() ? IntegerRange.of(1) : x.min() >= y.max() ? IntegerRange.of(0) : open;
            case SLE -> x.max() <= y.min() ? IntegerRange.of(1) : x.min() > y.max() ? IntegerRange.of(0) : open;
            case SGT -> decided(Predicate.SLT, y, x);
            case SGE -> decided(Predicate.SLE, y, x);
            case ULT -> areNonNegative ? decided(Predicate.SLT, x, y) : open;
            case ULE -> areNonNegative ? decided(Predicate.SLE, x, y) : open;
            case UGT -> areNonNegative ? decided(Predicate.SLT, y, x) : open;
            case UGE -> areNonNegative ? decided(Predicate.SLE, y, x) : open;
        };
    }

    /// Conversion to a wider integer.
    static AxisFacts extend(AxisFacts x, int from, int to, boolean isSigned) {
        IntegerRange full = IntegerRange.full(from);
        IntegerRange range = x.range();
        if (from == 1) {
            IntegerRange signed = new IntegerRange(-range.max(), -range.min());
            return x.withRange(isSigned ? signed : range).cutGroups();
        }
        // A group wraps only where the type does: between its ends if signed, between -1 and 0 if not.
        boolean mayWrap = isSigned ? range.min() == full.min() && range.max() == full.max() : range.min() < 0 && range.max() >= 0;
        if (!isSigned && range.min() < 0) {
            range = to > from && from < 63 ? new IntegerRange(0, (1L << from) - 1) : IntegerRange.full(to);
        }
        return mayWrap ? x.withRange(range).cutGroups() : x.withRange(range);
    }

    static AxisFacts truncate(AxisFacts x, int to) {
        if (to == 1) {
            List<Axis> axes = new ArrayList<>();
            for (Axis axis : x.axes()) {
                axes.add(new Axis(axis.size(), 1, 1, axis.constancy()));
            }
            return new AxisFacts(axes, 1, x.range().fits(1) ? x.range() : IntegerRange.full(1));
        }
        return x.withRange(x.range().orFull(to));
    }

    /// The longest group, at most `limit`, that counts up from a multiple of its length.
    private static long alignedGroup(Axis axis, long limit) {
        return Math.max(1, Math.min(Math.min(axis.contiguity(), axis.divisibility()), limit));
    }

    private static Axis scattered(Axis a, Axis b) {
        return new Axis(a.size(), 1, 1, Math.min(a.constancy(), b.constancy()));
    }

    private static boolean isPoint(AxisFacts facts, long value) {
        return facts.isConstant() && facts.range().min() == value;
    }

    private static long product(long x, long y) {
        return Long.numberOfTrailingZeros(x) + Long.numberOfTrailingZeros(y) >= 62 ? ANYTHING : x * y;
    }
}
