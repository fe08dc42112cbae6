// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

import java.math.BigInteger;

/// Ranges of results of integer operations of one width, which wrap around unless that cannot happen.
///
/// Operations marked `nsw` do not wrap. Nor do sums and products of numbers that are not negative in 64 bits: such numbers
/// are sizes of arrays, places in the launch space and what is computed from them, and launchers check that products of
/// sizes fit. A product with a constant of 2^32 or more is no such number.
///
/// @param width bits of the type
/// @param doesNotWrap whether the operation is marked so
record RangeArithmetic(int width, boolean doesNotWrap) {
    private static final long LARGEST_FACTOR = 1L << 32;

    IntegerRange add(IntegerRange x, IntegerRange y) {
        return within(big(x.min()).add(big(y.min())), big(x.max()).add(big(y.max())), areQuantities(x, y));
    }

    IntegerRange subtract(IntegerRange x, IntegerRange y) {
        return within(big(x.min()).subtract(big(y.max())), big(x.max()).subtract(big(y.min())), false);
    }

    IntegerRange multiply(IntegerRange x, IntegerRange y) {
        BigInteger[] corners = {
            big(x.min()).multiply(big(y.min())), big(x.min()).multiply(big(y.max())),
            big(x.max()).multiply(big(y.min())), big(x.max()).multiply(big(y.max()))
        };
        BigInteger min = corners[0];
        BigInteger max = corners[0];
        for (BigInteger corner : corners) {
            min = min.min(corner);
            max = max.max(corner);
        }
        return within(min, max, areQuantities(x, y));
    }

    /// Quotient of a number that is not negative by a positive one.
    IntegerRange divide(IntegerRange x, IntegerRange y) {
        return new IntegerRange(x.min() / y.max(), x.max() / y.min());
    }

    IntegerRange remainder(IntegerRange x, IntegerRange y) {
        return new IntegerRange(0, Math.min(x.max(), y.max() - 1));
    }

    IntegerRange min(IntegerRange x, IntegerRange y) {
        return new IntegerRange(Math.min(x.min(), y.min()), Math.min(x.max(), y.max()));
    }

    IntegerRange max(IntegerRange x, IntegerRange y) {
        return new IntegerRange(Math.max(x.min(), y.min()), Math.max(x.max(), y.max()));
    }

    IntegerRange and(IntegerRange x, IntegerRange y) {
        if (x.isPoint() && y.isPoint()) {
            return IntegerRange.of(x.min() & y.min());
        }
        if (x.isNonNegative() && y.isNonNegative()) {
            return new IntegerRange(0, Math.min(x.max(), y.max()));
        }
        if (x.isNonNegative() || y.isNonNegative()) {
            return new IntegerRange(0, x.isNonNegative() ? x.max() : y.max());
        }
        return IntegerRange.full(width);
    }

    /// `or` and `xor` set no bit above the highest bit of their operands.
    IntegerRange or(IntegerRange x, IntegerRange y, boolean isExclusive) {
        if (x.isPoint() && y.isPoint()) {
            return IntegerRange.of(isExclusive ? x.min() ^ y.min() : x.min() | y.min());
        }
        if (!x.isNonNegative() || !y.isNonNegative()) {
            return IntegerRange.full(width);
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(x.max() | y.max());
        return new IntegerRange(0, bits >= Long.SIZE - 1 ? Long.MAX_VALUE : (1L << bits) - 1);
    }

    private boolean areQuantities(IntegerRange x, IntegerRange y) {
        boolean isFactor = !(x.isPoint() && x.min() >= LARGEST_FACTOR) && !(y.isPoint() && y.min() >= LARGEST_FACTOR);
        return width == 64 && x.isNonNegative() && y.isNonNegative() && isFactor;
    }

    private IntegerRange within(BigInteger min, BigInteger max, boolean areQuantities) {
        IntegerRange full = IntegerRange.full(width);
        boolean fits = min.compareTo(big(full.min())) >= 0 && max.compareTo(big(full.max())) <= 0;
        if (!fits && !doesNotWrap && !areQuantities) {
            return full;
        }
        BigInteger low = min.max(big(full.min()));
        BigInteger high = max.min(big(full.max()));
        return low.compareTo(high) <= 0 ? new IntegerRange(low.longValueExact(), high.longValueExact()) : full;
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }
}
