// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

/// A named dimension of `2^bits` values, on either side of a [LinearLayout].
public record Dim(String name, int bits) {
    public Dim {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a dimension needs a name");
        }
        if (bits < 0 || bits > BitMatrix.LIMIT) {
            throw new IllegalArgumentException(
                    "dimension '" + name + "' has " + bits + " bits; 0 to " + BitMatrix.LIMIT + " are possible");
        }
    }

    /// The dimension of `size` values.
    ///
    /// @throws IllegalArgumentException if the size is no power of two
    public static Dim ofSize(String name, long size) {
        return new Dim(name, log2(size, "size of dimension '" + name + "'"));
    }

    /// The i-th dimension of a tile.
    public static String tile(int index) {
        return "dim" + index;
    }

    public long size() {
        return 1L << bits;
    }

    /// The logarithm of a power of two; `what` names the value in the message of the exception.
    static int log2(long value, String what) {
        if (Long.bitCount(value) != 1 || value < 0) {
            throw new IllegalArgumentException(what + " is " + value + ", which is not a power of two");
        }
        return Long.numberOfTrailingZeros(value);
    }
}
