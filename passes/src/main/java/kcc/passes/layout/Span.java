// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
package kcc.passes.layout;

/// A growing subspace of F2^n, remembering how its members are sums of the vectors that were added.
///
/// Vectors are numbered in the order they are added. A vector that depends on earlier ones is counted but never used,
/// so a member is always written with the earliest possible vectors: whoever adds registers before lanes learns whether
/// registers alone suffice.
final class Span {
    private final long[] reduced = new long[Long.SIZE];
    private final long[] origins = new long[Long.SIZE];
    private int dimension;
    private int added;

    static Span of(long... vectors) {
        Span span = new Span();
        for (long vector : vectors) {
            span.add(vector);
        }
        return span;
    }

    /// Adds a vector; true if it was independent of those before it.
    boolean add(long vector) {
        long origin = 1L << added++;
        while (vector != 0) {
            int top = Long.SIZE - 1 - Long.numberOfLeadingZeros(vector);
            if (reduced[top] == 0) {
                reduced[top] = vector;
                origins[top] = origin;
                dimension++;
                return true;
            }
            vector ^= reduced[top];
            origin ^= origins[top];
        }
        return false;
    }

    boolean contains(long vector) {
        return residue(vector) == 0;
    }

    /// What is left of a vector when the span is divided out: equal for two vectors exactly if their sum is a member.
    long residue(long vector) {
        long rest = vector;
        for (int bit = Long.SIZE - 1; bit >= 0; bit--) {
            if ((rest >>> bit & 1) != 0) {
                rest ^= reduced[bit];
            }
        }
        return rest;
    }

    /// The added vectors (bit i for the i-th) whose sum is `vector`.
    ///
    /// @throws IllegalArgumentException if the vector is no member
    long combination(long vector) {
        long rest = vector;
        long combination = 0;
        while (rest != 0) {
            int top = Long.SIZE - 1 - Long.numberOfLeadingZeros(rest);
            if (reduced[top] == 0) {
                throw new IllegalArgumentException("vector 0x" + Long.toHexString(vector) + " is outside of the span");
            }
            rest ^= reduced[top];
            combination ^= origins[top];
        }
        return combination;
    }

    int dimension() {
        return dimension;
    }

    /// A basis of the subspace.
    long[] basis() {
        long[] basis = new long[dimension];
        int next = 0;
        for (long vector : reduced) {
            if (vector != 0) {
                basis[next++] = vector;
            }
        }
        return basis;
    }

    Span copy() {
        Span copy = new Span();
        System.arraycopy(reduced, 0, copy.reduced, 0, reduced.length);
        System.arraycopy(origins, 0, copy.origins, 0, origins.length);
        copy.dimension = dimension;
        copy.added = added;
        return copy;
    }

    /// A basis of the intersection of two subspaces (Zassenhaus: sums of members of one that fall into the other).
    static long[] intersection(long[] first, long[] second) {
        Span span = new Span();
        Span common = new Span();
        for (long vector : first) {
            span.add(vector);
        }
        long firstMask = first.length == Long.SIZE ? -1L : (1L << first.length) - 1;
        for (int i = 0; i < second.length; i++) {
            if (span.contains(second[i])) {
                long ofFirst = span.combination(second[i]) & firstMask;
                common.add(sum(first, ofFirst));
            }
            span.add(second[i]);
        }
        return common.basis();
    }

    /// The sum of the chosen vectors (bit i for the i-th).
    static long sum(long[] vectors, long chosen) {
        long sum = 0;
        for (long rest = chosen; rest != 0; rest &= rest - 1) {
            sum ^= vectors[Long.numberOfTrailingZeros(rest)];
        }
        return sum;
    }
}
