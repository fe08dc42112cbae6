// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.analysis;

/// All values an integer may have, read as signed; both ends belong to it. An `i1` is 0 or 1.
public record IntegerRange(long min, long max) {
    public IntegerRange {
        if (min > max) {
            throw new IllegalArgumentException("range from " + min + " to " + max + " is empty");
        }
    }

    public static IntegerRange of(long value) {
        return new IntegerRange(value, value);
    }

    /// All values of an integer type.
    public static IntegerRange full(int width) {
        return width == 1 ? new IntegerRange(0, 1) : new IntegerRange(-1L << width - 1, ~(-1L << width - 1));
    }

    public boolean isPoint() {
        return min == max;
    }

    public boolean isNonNegative() {
        return min >= 0;
    }

    public boolean isPositive() {
        return min >= 1;
    }

    /// Whether every value is one of a signed integer of this width.
    public boolean fits(int width) {
        return full(width).contains(this);
    }

    public boolean contains(IntegerRange other) {
        return min <= other.min && other.max <= max;
    }

    public IntegerRange join(IntegerRange other) {
        return new IntegerRange(Math.min(min, other.min), Math.max(max, other.max));
    }

    /// This range if it fits the type, else all values of the type: what is left of a result that may have wrapped.
    IntegerRange orFull(int width) {
        return fits(width) ? this : full(width);
    }

    /// The ends that have grown, moved to the ends of the type, so that going round a loop comes to an end.
    IntegerRange widen(IntegerRange before, int width) {
        IntegerRange full = full(width);
        return new IntegerRange(min < before.min ? full.min : min, max > before.max ? full.max : max);
    }
}
