// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/// What is known of an integer or a tile of integers. All numbers but those of the range are powers of two.
///
/// ```text
///   16 * m + arange(8)     contiguity 8, divisibility 16 (of every eighth element), constancy 1, divisor 1
///   splat(4 * m)           contiguity 1, divisibility 4,                            constancy 8, divisor 4
/// ```
///
/// Nothing here is lost by wrapping around: 2^width is divisible by all of it. Only the range depends on it.
///
/// @param axes what is known along each dimension of a tile; empty for a scalar
/// @param divisor divides every element
/// @param range of all elements
public record AxisFacts(List<Axis> axes, long divisor, IntegerRange range) {
    /// What divides zero.
    static final long ANYTHING = 1L << 62;

    /// Along one dimension of `size` elements, in groups that begin at multiples of their length, all other coordinates
    /// fixed: groups of `contiguity` elements count up by one (modulo 2^width), their first elements are divisible by
    /// `divisibility`, and groups of `constancy` elements are equal.
    public record Axis(long size, long contiguity, long divisibility, long constancy) {
        public Axis {
            requirePowerOfTwo(size);
            requirePowerOfTwo(contiguity);
            requirePowerOfTwo(divisibility);
            requirePowerOfTwo(constancy);
            if (contiguity > size || constancy > size) {
                throw new IllegalArgumentException("groups of " + contiguity + " and " + constancy + " along " + size + " elements");
            }
        }

        private static void requirePowerOfTwo(long value) {
            if (Long.bitCount(value) != 1 || value < 0) {
                throw new IllegalArgumentException(value + " is not a power of two");
            }
        }

        /// What divides the first elements of groups of `length` elements.
        long divisibilityOf(long length) {
            return length >= contiguity ? divisibility : Math.min(divisibility, length);
        }
    }

    /// Brings what follows from one fact to the others: a constant is constant everywhere, every element is a first
    /// element where nothing is contiguous.
    public AxisFacts {
        if (range.isPoint()) {
            divisor = powerOfTwo(range.min());
        }
        for (Axis axis : axes) {
            if (axis.contiguity() == 1) {
                divisor = Math.max(divisor, axis.divisibility());
            }
        }
        List<Axis> completed = new ArrayList<>(axes.size());
        for (Axis axis : axes) {
            completed.add(range.isPoint() ? new Axis(axis.size(), 1, divisor, axis.size())
                    : new Axis(axis.size(), axis.contiguity(), Math.max(axis.divisibility(), divisor), axis.constancy()));
        }
        axes = List.copyOf(completed);
    }

    /// A scalar.
    public static AxisFacts scalar(long divisor, IntegerRange range) {
        return new AxisFacts(List.of(), divisor, range);
    }

    /// A tile all of whose elements are this scalar.
    static AxisFacts splat(AxisFacts scalar, List<Long> shape) {
        List<Axis> axes = new ArrayList<>();
        for (long size : shape) {
            axes.add(new Axis(size, 1, scalar.divisor, size));
        }
        return new AxisFacts(axes, scalar.divisor, scalar.range);
    }

    /// Any tile, or a scalar for the empty shape.
    static AxisFacts unknown(List<Long> shape, IntegerRange range) {
        List<Axis> axes = new ArrayList<>();
        for (long size : shape) {
            axes.add(new Axis(size, 1, 1, 1));
        }
        return new AxisFacts(axes, 1, range);
    }

    /// `start, start + 1, ...`
    static AxisFacts counting(long start, long size) {
        return new AxisFacts(List.of(new Axis(size, size, powerOfTwo(start), 1)), 1, new IntegerRange(start, start + size - 1));
    }

    /// The value, if there is only one.
    public boolean isConstant() {
        return range.isPoint();
    }

    public Axis axis(int index) {
        return axes.get(index);
    }

    /// What holds wherever either came from.
    public AxisFacts join(AxisFacts other) {
        return combine(other, Math.min(divisor, other.divisor), range.join(other.range), (x, y) -> {
            long contiguity = Math.min(x.contiguity(), y.contiguity());
            return new Axis(x.size(), contiguity, Math.min(x.divisibilityOf(contiguity), y.divisibilityOf(contiguity)),
                    Math.min(x.constancy(), y.constancy()));
        });
    }

    /// Groups cut down until they begin at multiples of their length, so that none of them wraps around.
    AxisFacts cutGroups() {
        List<Axis> cut = new ArrayList<>();
        for (Axis axis : axes) {
            long contiguity = Math.min(axis.contiguity(), axis.divisibility());
            cut.add(new Axis(axis.size(), contiguity, axis.divisibilityOf(contiguity), axis.constancy()));
        }
        return new AxisFacts(cut, divisor, range);
    }

    AxisFacts withRange(IntegerRange other) {
        return new AxisFacts(axes, divisor, other);
    }

    /// The same along all axes.
    AxisFacts combine(AxisFacts other, long combinedDivisor, IntegerRange combinedRange, BinaryOperator<Axis> axis) {
        if (axes.size() != other.axes.size()) {
            throw new IllegalArgumentException("tiles of rank " + axes.size() + " and " + other.axes.size());
        }
        List<Axis> combined = new ArrayList<>();
        for (int i = 0; i < axes.size(); i++) {
            combined.add(axis.apply(axes.get(i), other.axes.get(i)));
        }
        return new AxisFacts(combined, combinedDivisor, combinedRange);
    }

    /// The largest power of two that divides the value.
    static long powerOfTwo(long value) {
        return 1L << Math.min(62, Long.numberOfTrailingZeros(value));
    }
}
